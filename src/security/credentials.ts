import { isSameSecret } from './join-token.ts';
import { readSecretFile, SecretFileError } from './secret-file.ts';

/** A principal and its password, as Mesos' credential files hold them (mesos.md B.1). */
export interface Credential {
  readonly principal: string;
  readonly secret: string;
}

const NOBODY = '';

/** Reads `{"credentials":[{"principal","secret"}]}`. Throws SecretFileError. */
export const readCredentials = (file: string): Credential[] => {
  const value = parsed(file);
  const { credentials } = isObject(value) ? value : {};
  if (!Array.isArray(credentials)) throw unusable(file, '{"credentials": [{"principal": …, "secret": …}]}');
  return credentials.map((entry) => credentialOf(entry, file));
};

/** Reads `{"principal","secret"}`. Throws SecretFileError. */
export const readCredential = (file: string): Credential => credentialOf(parsed(file), file);

/** Whether principal and secret belong together; the time that takes tells nothing of the secrets. */
export const isKnown = (credentials: readonly Credential[], { principal, secret }: Credential): boolean => {
  const known = credentials.find((candidate) => candidate.principal === principal);
  return isSameSecret(known?.secret ?? NOBODY, secret) && known !== undefined;
};

const credentialOf = (value: unknown, file: string): Credential => {
  const { principal, secret } = isObject(value) ? value : {};
  if (typeof principal !== 'string' || principal === '' || typeof secret !== 'string') {
    throw unusable(file, '{"principal": …, "secret": …}');
  }
  return { principal, secret };
};

const parsed = (file: string): unknown => {
  try {
    return JSON.parse(readSecretFile(file));
  } catch (error) {
    // What stands in it must not get into a log by way of an error.
    throw error instanceof SecretFileError ? error : new SecretFileError(`${file} is not valid JSON`);
  }
};

const unusable = (file: string, form: string): SecretFileError =>
  new SecretFileError(`${file} is not of the form ${form}`);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
