import { boolean } from '@oclif/core/flags';
import { BaseCommand } from './base-command.ts';

/** A command whose result is a table or lines for people, and with --json the objects of the API that it comes from. */
export abstract class JsonCommand extends BaseCommand {
  static override baseFlags = {
    json: boolean({ description: 'Print JSON', helpGroup: 'GLOBAL' }),
  };

  protected printJson(value: unknown): void {
    this.terminal.out.write(`${JSON.stringify(value, undefined, 2)}\n`);
  }
}
