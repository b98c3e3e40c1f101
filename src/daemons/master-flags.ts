import {
  MASTER_FLAGS,
  MasterFlagError,
  type MasterFlags,
  readMasterFlags,
} from '../master/flags/master-flags.ts';
import { aclsText } from './acls-option.ts';
import { type DaemonOptions, OptionError } from './daemon-options.ts';

/** The flags of the master among a daemon's options. Throws OptionError for one that cannot be used. */
export const masterFlagsOf = (options: DaemonOptions): MasterFlags => {
  const texts = MASTER_FLAGS.flatMap((name) => {
    const text = options.optionalText(name);
    return text === undefined ? [] : [[name, name === 'acls' ? aclsText(text) : text]];
  });
  try {
    return readMasterFlags(Object.fromEntries(texts));
  } catch (error) {
    if (error instanceof MasterFlagError) throw new OptionError(error.message);
    throw error;
  }
};
