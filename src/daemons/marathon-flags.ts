import {
  MARATHON_FLAGS,
  MarathonFlagError,
  type MarathonFlags,
  readMarathonFlags,
} from '../marathon/marathon-flags.ts';
import type { Credential } from '../security/credentials.ts';
import { readSecretFile } from '../security/secret-file.ts';
import { type DaemonOptions, OptionError } from './daemon-options.ts';

const AUTHENTICATION = [
  'mesos_authentication',
  'mesos_authentication_principal',
  'mesos_authentication_secret',
  'mesos_authentication_secret_file',
];

/** All options that a Marathon that runs alone has under Marathon's own names. */
export const MARATHON_OPTIONS: readonly string[] = [...new Set([...MARATHON_FLAGS, ...AUTHENTICATION])];

/** Each flag may be given as a variable too: MARATHON_MESOS_ROLE. */
const textOf = (options: DaemonOptions, name: string): string | undefined =>
  options.optionalText(name) ?? process.env[`MARATHON_${name.toUpperCase()}`];

/** Marathon's flags among a daemon's options. Throws OptionError for one that cannot be used. */
export const marathonFlagsOf = (options: DaemonOptions): MarathonFlags => {
  const texts = MARATHON_FLAGS.flatMap((name) => {
    const text = textOf(options, name);
    return text === undefined ? [] : [[name, text]];
  });
  try {
    return readMarathonFlags(Object.fromEntries(texts));
  } catch (error) {
    if (error instanceof MarathonFlagError) throw new OptionError(error.message);
    throw error;
  }
};

/**
 * As whom Marathon logs in to the master, by Marathon's own flags; undefined when it does not: a principal alone only says
 * whose the reservations are. Throws OptionError.
 */
export const marathonCredentialOf = (options: DaemonOptions): Credential | undefined => {
  const [isWanted, principal, secret, file] = AUTHENTICATION.map((name) => textOf(options, name));
  const isGiven = secret !== undefined || file !== undefined;
  if (isWanted === 'false' || (isWanted === undefined && !isGiven)) return undefined;
  if (principal === undefined) {
    throw new OptionError('--mesos_authentication needs --mesos_authentication_principal');
  }
  if (secret !== undefined) return { principal, secret };
  if (file !== undefined) return { principal, secret: readSecretFile(file).trim() };
  throw new OptionError(`The principal ${principal} needs a secret: --mesos_authentication_secret_file FILE`);
};
