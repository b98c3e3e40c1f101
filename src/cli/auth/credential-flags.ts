import { string } from '@oclif/core/flags';
import { readSecretFile } from '../clusters/secret-files.ts';
import type { GivenCredentials } from './log-in.ts';

/** Flags by which credentials are given, with the names that the DC/OS command line has for them (cli.md 3.1). */
export const credentialFlags = {
  provider: string({
    description: 'The login to use; plenum auth list-providers shows them',
    helpValue: 'ID',
  }),
  username: string({ description: 'As whom; default: PLENUM_USERNAME', helpValue: 'NAME' }),
  password: string({
    description: 'The password; others see it in the list of processes, so --password-file is better',
    helpValue: 'PASSWORD',
  }),
  'password-file': string({ description: 'A file with the password, for you alone', helpValue: 'FILE' }),
  'private-key': string({
    description: 'The key of a service account, in PEM, for you alone',
    helpValue: 'FILE',
  }),
};

interface CredentialFlags {
  readonly provider?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly 'password-file'?: string | undefined;
  readonly 'private-key'?: string | undefined;
}

/** What the flags and the environment say. Throws CliError for files that others may read. */
export const givenCredentials = (
  flags: CredentialFlags,
  env: Readonly<NodeJS.ProcessEnv>,
): GivenCredentials => {
  const { 'password-file': passwordFile, 'private-key': keyFile } = flags;
  const fromFile = passwordFile === undefined ? undefined : readSecretFile(passwordFile);
  return {
    providerId: flags.provider,
    username: flags.username ?? env.PLENUM_USERNAME ?? env.DCOS_USERNAME,
    password: flags.password ?? fromFile ?? env.PLENUM_PASSWORD ?? env.DCOS_PASSWORD,
    privateKey: keyFile === undefined ? undefined : readSecretFile(keyFile),
  };
};

/** Whether anything was given to log in with. */
export const hasCredentials = ({ username, password, privateKey, providerId }: GivenCredentials): boolean =>
  [username, password, privateKey, providerId].some((part) => part !== undefined);
