import { boolean } from '@oclif/core/flags';
import { CommandExit } from '../../src/cli/errors/command-exit.ts';
import { EXIT_CODES } from '../../src/cli/errors/exit-codes.ts';
import { JsonCommand } from '../../src/cli/json-command.ts';
import { explained } from '../../src/cli/universe/authoring-error.ts';
import { testJson, testLines } from '../../src/cli/universe/test-lines.ts';
import { pathArgument } from '../../src/cli/universe/universe-flags.ts';
import { findRepository } from '../../src/universe/authoring/find-repository.ts';
import { runPackageTests } from '../../src/universe/authoring/testing/run-package-tests.ts';

export default class UniverseTest extends JsonCommand {
  static override summary = 'Render packages, and compare with what is kept in their tests';
  static override description =
    `Every tests/NAME.options.json beside the files of a package is rendered and compared with tests/NAME.expected.json. What options are refused for is kept as well.
--update writes what is rendered now: look at the difference before you commit it.`;
  static override examples = [
    '<%= config.bin %> universe test',
    '<%= config.bin %> universe test repo/packages/M/my-service --update',
  ];
  static override args = { path: pathArgument };
  static override flags = {
    update: boolean({ description: 'Write what is rendered now in place of what is kept' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(UniverseTest);
    const tests = await explained(async () =>
      runPackageTests(await findRepository(args.path ?? '.'), { isUpdate: flags.update }),
    );
    const failed = tests.filter(({ outcome }) => outcome === 'failed');
    if (flags.json) this.printJson({ tests: tests.map(testJson), passed: failed.length === 0 });
    else {
      this.printLines(tests.flatMap(testLines));
      this.note(`${tests.length} tests, ${failed.length} failed`);
    }
    if (failed.length > 0) throw new CommandExit(EXIT_CODES.failed);
  }
}
