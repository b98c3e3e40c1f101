import { X509Certificate } from 'node:crypto';
import { request } from '../../http/client.ts';
import { errorCode } from '../../runtime/error-message.ts';
import { confirmWithCare } from '../output/prompt.ts';
import type { Terminal } from '../output/terminal.ts';

/** Where DC/OS clusters, and those of Plenum, show their certificate authority (cli.md 13.4). */
const AUTHORITY_PATH = '/ca/dcos-ca.crt';
const TIMEOUT_MS = 10_000;

/** What Node.js says of a certificate whose authority it does not know. */
const UNKNOWN_AUTHORITY: ReadonlySet<string | undefined> = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
]);

/**
 * The authority of a cluster that no public one vouches for, in PEM, once somebody has looked at its fingerprint and
 * trusts it; undefined where none is needed, or none is shown. Nothing secret is sent meanwhile. Throws CliError when it
 * is not trusted.
 */
export const trustedAuthority = async (
  terminal: Terminal,
  { url, isTrusted }: { url: string; isTrusted: boolean },
): Promise<string | undefined> => {
  const authority = url.startsWith('https:') ? await shownAuthority(url, terminal.signal) : undefined;
  if (!authority) return undefined;
  const { issuer, validFrom, validTo, fingerprint256 } = authority;
  terminal.err.write(
    `The cluster's certificate is of an authority that is not known here:\n  Issuer       ${issuer}\n  Validity     ${validFrom} to ${validTo}\n  Fingerprint  ${fingerprint256}\n`,
  );
  if (!isTrusted) await confirmWithCare(terminal, 'Do you trust it?', '--no-check, or --ca-certs FILE');
  return authority.toString();
};

const shownAuthority = async (url: string, signal: AbortSignal): Promise<X509Certificate | undefined> => {
  const asked = { url: `${url}${AUTHORITY_PATH}`, timeoutMs: TIMEOUT_MS, signal };
  try {
    await request(asked);
    return undefined;
  } catch (error) {
    // What else is wrong is told when the cluster itself is asked.
    if (!UNKNOWN_AUTHORITY.has(errorCode(error))) return undefined;
  }
  const { status, body } = await request({ ...asked, tls: { rejectUnauthorized: false } });
  try {
    return status === 200 ? new X509Certificate(body) : undefined;
  } catch {
    // It is no certificate: then there is none to be trusted.
    return undefined;
  }
};
