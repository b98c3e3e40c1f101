import { boolean, custom } from '@oclif/core/flags';
import { BaseCommand } from './base-command.ts';
import { createResultFormatter, formatJson, type ResultFormatter } from './output/forms/format-result.ts';
import { FORMS_TEXT, parseResultForm, type ResultForm } from './output/forms/result-form.ts';
import { shownOn } from './output/plain-text.ts';
import type { Column } from './output/table.ts';

interface FormFlags {
  json?: boolean | undefined;
  quiet?: boolean | undefined;
  output?: ResultForm | string | undefined;
}

/** A command whose result is a table or lines for people, and in other forms the objects of the API that it comes from. */
export abstract class JsonCommand extends BaseCommand {
  #format: ResultFormatter = formatJson;
  /** All that there is for people is wanted. */
  protected isWide = false;

  static override baseFlags = {
    json: boolean({ description: 'Print JSON; the same as --output json', helpGroup: 'GLOBAL' }),
    output: custom<ResultForm>({
      char: 'o',
      description: `How to print the result: ${FORMS_TEXT}`,
      helpGroup: 'GLOBAL',
      helpValue: 'FORM',
      exclusive: ['json'],
      parse: async (text) => parseResultForm(text),
    })(),
  };

  /** Where another form than a table is wanted, the command is told so by `json` or `quiet`, and prints by `printJson`. */
  protected override parse: BaseCommand['parse'] = async (options, argv) => {
    const result = await super.parse(options, argv);
    const flags: FormFlags = result.flags;
    const { output: form } = flags;
    // Some commands have an --output of their own.
    if (typeof form !== 'object' || form.type === 'table') return result;
    if (form.type === 'wide') this.isWide = true;
    else if (form.type === 'name' && options?.flags && 'quiet' in options.flags) flags.quiet = true;
    else {
      flags.json = true;
      this.#format = await createResultFormatter(form, this.terminal.out);
    }
    return result;
  };

  protected printJson(value: unknown): void {
    const { out } = this.terminal;
    out.write(shownOn(out, this.#format(value)));
  }

  protected override async printTable<Row>(
    columns: readonly Column<Row>[],
    rows: readonly Row[],
  ): Promise<void> {
    await super.printTable(this.isWide ? columns : columns.filter(({ isWide = false }) => !isWide), rows);
  }
}
