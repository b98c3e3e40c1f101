import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { credentialsFor, userDockerConfig } from '../../../registry/docker-config.ts';
import { DEFAULT_LIMITS } from '../../../registry/image-limits.ts';
import { parseImageReference } from '../../../registry/image-reference.ts';
import { readManifest } from '../../../registry/read-manifest.ts';
import { locateRegistry } from '../../../registry/registry-location.ts';
import { RegistrySession } from '../../../registry/registry-session.ts';
import { systemClock } from '../../../runtime/clock.ts';
import { fetchMaven } from '../../universe/mirror/fetch-maven.ts';

const LARGEST_BYTES = 4 * 1024 ** 3;

export interface HashContext {
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly signal: AbortSignal;
}

/**
 * The hash of what a `maven:` coordinate stands for, brought by the user's mvn; of `?transitive` that of all files
 * together, so that a dependency that became another one is noticed. Rejects with why it cannot be had.
 */
export const hashOfMaven = async (address: string, { signal }: HashContext): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'plenum-lock-'));
  try {
    const file = join(folder, 'artifact');
    const { fileName } = await fetchMaven(address, file, { signal, limitBytes: LARGEST_BYTES });
    const hash = createHash('sha256');
    // How an archive is compressed may differ between machines; what is in it does not.
    const isPacked = /\?(.*&)?transitive/.test(address) && fileName.endsWith('.tar.gz');
    if (isPacked) await pipeline(createReadStream(file), createGunzip(), hash);
    else await pipeline(createReadStream(file), hash);
    return `sha256:${hash.digest('hex')}`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** The digest of the manifest that an image name stands for in its registry now. Rejects with why it cannot be had. */
export const digestOfImage = async (name: string, { env, signal }: HashContext): Promise<string> => {
  const reference = parseImageReference(name);
  if (reference.type === 'file') throw new Error('it is in a file');
  if (reference.digest) return reference.digest.text;
  const limits = DEFAULT_LIMITS;
  const location = await locateRegistry(reference, { insecure: [], limits, signal });
  const credentials = await credentialsFor(await userDockerConfig(env), reference.registry, signal);
  const session = new RegistrySession({ ...location, reference, credentials, limits });
  const { digest } = await readManifest(
    session,
    { name: reference.tag },
    { clock: systemClock, limits, signal },
  );
  return digest;
};
