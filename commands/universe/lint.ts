import { boolean } from '@oclif/core/flags';
import { CommandExit } from '../../src/cli/errors/command-exit.ts';
import { EXIT_CODES } from '../../src/cli/errors/exit-codes.ts';
import { JsonCommand } from '../../src/cli/json-command.ts';
import { createPaint } from '../../src/cli/output/paint.ts';
import { explained } from '../../src/cli/universe/authoring-error.ts';
import { findingLine } from '../../src/cli/universe/finding-line.ts';
import { pathArgument } from '../../src/cli/universe/universe-flags.ts';
import { findRepository, isMeant } from '../../src/universe/authoring/find-repository.ts';
import { lintRepository } from '../../src/universe/authoring/lint/lint-repository.ts';
import { readFolderTree } from '../../src/universe/sources/read-file-tree.ts';

/** What findings of each severity are called, one and several. */
const KINDS: Readonly<Record<string, readonly [string, string]>> = {
  error: ['error', 'errors'],
  warning: ['warning', 'warnings'],
  certification: ['rule of certification is broken', 'rules of certification are broken'],
};

export default class UniverseLint extends JsonCommand {
  static override summary = 'Find everything that is wrong with packages';
  static override description =
    `Files, schemas, templates: each mistake with its file, line and column. Every package is rendered with its defaults, and with each switch the other way.
With --certify also what a certified package promises: that it can be mirrored, runs the same tomorrow, says what it is.`;
  static override examples = [
    '<%= config.bin %> universe lint',
    '<%= config.bin %> universe lint repo/packages/M/my-service --certify',
    '<%= config.bin %> universe lint --json',
  ];
  static override args = { path: pathArgument };
  static override flags = {
    certify: boolean({ description: 'Look for what certified packages must not have, too' }),
    strict: boolean({ description: 'Fail because of warnings, too' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(UniverseLint);
    const repository = await explained(() => findRepository(args.path ?? '.'));
    const result = await lintRepository(await readFolderTree(repository.root), {
      certify: flags.certify,
      isWanted: (path) => isMeant(repository, path),
    });
    const { findings, packages, revisions } = result;
    const failing = findings.filter(({ severity }) => severity !== 'warning' || flags.strict);
    if (flags.json) this.printJson({ ...result, passed: failing.length === 0 });
    else {
      const paint = await createPaint(this.terminal.out.hasColor);
      this.printLines(findings.map((one) => findingLine(one, { packages: repository.packages, paint })));
      const counts = ['error', 'warning', 'certification'].flatMap((severity) => {
        const found = findings.filter((one) => one.severity === severity).length;
        return found === 0 ? [] : [`${found} ${KINDS[severity]?.[found === 1 ? 0 : 1]}`];
      });
      const verdict = counts.length === 0 ? 'nothing is wrong' : counts.join(', ');
      const looked = `${packages} package${packages === 1 ? '' : 's'}, ${revisions} revision${revisions === 1 ? '' : 's'}`;
      this.note(`${looked}: ${verdict}`);
    }
    if (failing.length > 0) throw new CommandExit(EXIT_CODES.failed);
  }
}
