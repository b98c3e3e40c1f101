import { openStream } from '../../http/client.ts';
import { guardFlow } from '../../registry/guard-flow.ts';
import { DEFAULT_LIMITS } from '../../registry/image-limits.ts';
import { systemClock } from '../../runtime/clock.ts';
import { errorMessage } from '../../runtime/error-message.ts';
import { download } from '../../universe/sources/download.ts';
import type { CurrentCluster } from '../clusters/current-cluster.ts';
import { CliError } from '../errors/cli-error.ts';

const LARGEST_BYTES = 512 * 1024 * 1024;
const MOST_REDIRECTS = 5;
const HEADERS_LIMIT_MS = 30_000;
const WHOLE_LIMIT_MS = 15 * 60_000;
/** A server from which hardly anything comes for a minute is not waited for. */
const FLOW = { clock: systemClock, limits: DEFAULT_LIMITS };

export interface PluginDownload {
  readonly url: string;
  /** Where it is written. */
  readonly file: string;
  /** Hexadecimal; what else comes is thrown away. */
  readonly sha256?: string | undefined;
  /** Whose token is sent, to this cluster alone; its certificates are trusted there. */
  readonly cluster?: CurrentCluster | undefined;
  readonly signal: AbortSignal;
}

/** Fetches a plugin; gives the name that the server has for it. Throws CliError; `refused` when the hash is another. */
export const downloadPlugin = async ({
  url: asked,
  file,
  sha256,
  cluster,
  signal,
}: PluginDownload): Promise<string> => {
  const url = withSchemeOf(asked, cluster);
  const isOwn = cluster !== undefined && url.startsWith(`${cluster.url}/`);
  try {
    const stream = await openStream({
      url,
      timeoutMs: HEADERS_LIMIT_MS,
      // A token must not follow to another server.
      maxRedirects: isOwn ? 0 : MOST_REDIRECTS,
      signal: AbortSignal.any([signal, AbortSignal.timeout(WHOLE_LIMIT_MS)]),
      ...(isOwn ? accessOf(cluster) : {}),
    });
    try {
      if (stream.status !== 200) throw new CliError('failed', `${asked} answered ${stream.status}`);
      const computed = await download(guardFlow(stream, FLOW), { file, limitBytes: LARGEST_BYTES });
      if (sha256 !== undefined && computed !== sha256.toLowerCase()) {
        throw new CliError('refused', `computed checksum ${computed} for ${asked}, expected ${sha256}`);
      }
      return nameOf(url, stream.headers['content-disposition']);
    } finally {
      stream.close();
    }
  } catch (error) {
    if (error instanceof CliError || signal.aborted) throw error;
    throw new CliError('failed', `${asked} cannot be fetched: ${errorMessage(error)}`, { cause: error });
  }
};

const accessOf = ({ token, ca, isInsecure }: CurrentCluster) => ({
  ...(token === undefined ? {} : { headers: { Authorization: `token=${token}` } }),
  ...(ca === undefined ? {} : { tls: { ca } }),
  ...(isInsecure ? { tls: { rejectUnauthorized: false } } : {}),
});

/** What a cluster offers under its own name is fetched as the cluster is reached (cli.md 5.2). */
const withSchemeOf = (url: string, cluster: CurrentCluster | undefined): string => {
  if (cluster === undefined || !URL.canParse(url)) return url;
  const [target, own] = [new URL(url), new URL(cluster.url)];
  if (target.hostname !== own.hostname) return url;
  target.protocol = own.protocol;
  return target.href;
};

const nameOf = (url: string, disposition = ''): string => {
  const [, quoted, bare] = /filename=(?:"([^"/\\]+)"|([^\s;/\\]+))/.exec(disposition) ?? [];
  return quoted ?? bare ?? decodeURIComponent(new URL(url).pathname.split('/').at(-1) ?? '');
};
