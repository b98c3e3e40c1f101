import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { errorMessage } from '../runtime/error-message.ts';
import { askCredentialHelper } from './credential-helper.ts';
import { ImageError } from './image-error.ts';
import type { Credentials } from './registry-credentials.ts';

/** A docker config.json: what `docker login` writes, and the older .dockercfg, which is its `auths` alone. */
export type DockerConfig = Readonly<Record<string, unknown>>;

/** Reads a configuration from the text of a flag: a path, a file: URI, or the JSON itself. Throws for a broken one. */
export const readDockerConfig = async (text: string): Promise<DockerConfig> => {
  if (text.trimStart().startsWith('{')) return parseDockerConfig(text, 'the docker config');
  const path = text.replace(/^file:(\/\/)?/, '');
  let content: string;
  try {
    content = await readFile(path, 'utf8');
  } catch (error) {
    throw new ImageError(`The docker config cannot be read: ${errorMessage(error)}`);
  }
  return parseDockerConfig(content, path);
};

/** The logins that `docker login` left for this user; without any, registries are asked without a name. */
export const userDockerConfig = (env: Readonly<NodeJS.ProcessEnv>): Promise<DockerConfig> =>
  readDockerConfig(join(env.DOCKER_CONFIG ?? join(homedir(), '.docker'), 'config.json')).catch(() => ({}));

/** Never says what is in it: its secrets must not come into messages. */
export const parseDockerConfig = (text: string, name: string): DockerConfig => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ImageError(`${name} is not valid JSON`);
  }
  if (!isRecord(value)) throw new ImageError(`${name} is not a JSON object`);
  return value;
};

const HUB_KEYS = ['https://index.docker.io/v1/', 'index.docker.io', 'docker.io', 'registry-1.docker.io'];

/**
 * What a configuration has for a registry: its own credential helper first, then the helper for all, then what stands in
 * the file itself. Undefined for none: the registry is then asked without a name.
 */
export const credentialsFor = async (
  config: DockerConfig,
  registry: string,
  signal: AbortSignal,
): Promise<Credentials | undefined> => {
  const keys = registry === 'registry-1.docker.io' ? HUB_KEYS : [registry];
  const helpers = isRecord(config.credHelpers) ? config.credHelpers : {};
  for (const key of keys) {
    const helper = helpers[key];
    if (typeof helper === 'string') return askCredentialHelper(helper, key, signal);
  }
  const { credsStore } = config;
  if (typeof credsStore === 'string' && credsStore !== '') {
    for (const key of keys) {
      const found = await askCredentialHelper(credsStore, key, signal);
      if (found) return found;
    }
  }
  const auths = isRecord(config.auths) ? config.auths : config;
  for (const [key, entry] of Object.entries(auths)) {
    if (!isRecord(entry) || !(keys.includes(key) || keys.includes(hostOf(key)))) continue;
    const found = credentialsOf(entry);
    if (found) return found;
  }
  return undefined;
};

const credentialsOf = (entry: Readonly<Record<string, unknown>>): Credentials | undefined => {
  const { identitytoken, auth, username, password } = entry;
  if (typeof identitytoken === 'string' && identitytoken !== '') {
    return { type: 'identity-token', token: identitytoken };
  }
  if (typeof auth === 'string' && auth !== '') {
    const [, user, secret] = /^([^:]*):(.*)$/s.exec(Buffer.from(auth, 'base64').toString('utf8')) ?? [];
    // Some tools end it with zeros.
    if (user && secret !== undefined) {
      return { type: 'password', username: user, password: secret.replace(/\0+$/, '') };
    }
  }
  return typeof username === 'string' && username !== '' && typeof password === 'string'
    ? { type: 'password', username, password }
    : undefined;
};

/** Keys may be URLs, with a path even. */
const hostOf = (key: string): string => key.replace(/^https?:\/\//, '').replace(/\/.*$/, '');

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
