import { string } from '@oclif/core/flags';
import { port } from './flags.ts';

/** Flags of the commands that run one server alone in the foreground. */
export const serverFlags = (usualPort: number) => ({
  host: string({ description: 'Address to listen on; only this machine may reach it', helpValue: 'ADDRESS' }),
  port: port({ description: 'Port to listen on (0: any that is free)', default: usualPort }),
  hostname: string({
    description: 'Another name under which requests may come; may be given several times',
    multiple: true,
    multipleNonGreedy: true,
    helpValue: 'NAME',
  }),
  'work-dir': string({ description: 'Folder of its files; default: PLENUM_HOME/NAME', helpValue: 'FOLDER' }),
});

export const masterFlag = (description: string) =>
  string({ description, multiple: true, multipleNonGreedy: true, helpValue: 'URL' });
