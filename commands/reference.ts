import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { boolean } from '@oclif/core/flags';
import { BaseCommand } from '../src/cli/base-command.ts';
import { installationFolder } from '../src/runtime/installation.ts';

export default class Reference extends BaseCommand {
  static override summary = 'Print all commands with their flags and examples as one page of Markdown';
  static override examples = [
    '<%= config.bin %> reference > commands.md',
    '<%= config.bin %> reference --man > plenum.1; man ./plenum.1',
  ];
  static override flags = { man: boolean({ description: 'A page for man(1) instead' }) };

  async run(): Promise<void> {
    const { flags } = await this.parse(Reference);
    // The build makes both of the commands themselves.
    this.print(
      readFileSync(join(installationFolder(), 'dist', flags.man ? 'plenum.1' : 'reference.md'), 'utf8'),
    );
  }
}
