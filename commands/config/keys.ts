import { SETTINGS } from '../../src/cli/config/settings.ts';
import { quietFlag } from '../../src/cli/flags.ts';
import { JsonCommand } from '../../src/cli/json-command.ts';

export default class ConfigKeys extends JsonCommand {
  static override summary = 'List the settings that there are, and what they mean';
  static override examples = ['<%= config.bin %> config keys'];
  static override flags = { quiet: quietFlag };

  async run(): Promise<void> {
    const { flags } = await this.parse(ConfigKeys);
    if (flags.json) this.printJson(Object.fromEntries(SETTINGS.map(({ key, meaning }) => [key, meaning])));
    else this.printLines(SETTINGS.map(({ key, meaning }) => (flags.quiet ? key : `${key} : ${meaning}`)));
  }
}
