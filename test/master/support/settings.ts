import { DEFAULT_SETTINGS, type MasterSettings } from '../../../src/master/core/settings.ts';

/** The defaults of a master, at an address that nothing listens on. */
export const SETTINGS: MasterSettings = {
  ...DEFAULT_SETTINGS,
  version: '1.11.0',
  hostname: 'master',
  ip: '127.0.0.1',
  port: 5050,
};
