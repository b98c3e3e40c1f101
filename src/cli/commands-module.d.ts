declare module 'plenum:commands' {
  import type { CommandClass } from './base-command.ts';

  /** Every command by its id (`marathon:app:list`). A getter each, so that only the one asked for is loaded. */
  export const COMMANDS: Readonly<Record<string, CommandClass>>;
}
