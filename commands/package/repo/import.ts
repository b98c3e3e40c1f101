import { requiredArgument } from '../../../src/cli/arguments.ts';
import { ClusterCommand } from '../../../src/cli/cluster-command.ts';
import { parseDocument } from '../../../src/cli/documents/parse-document.ts';
import { readSource } from '../../../src/cli/documents/read-source.ts';
import { CliError } from '../../../src/cli/errors/cli-error.ts';
import { explainError } from '../../../src/cli/errors/explain-error.ts';
import { planFlag } from '../../../src/cli/flags.ts';
import { changeEach, PlannedCall } from '../../../src/clients/planned-call.ts';

interface Repository {
  readonly name: string;
  readonly uri: string;
}

export default class PackageRepoImport extends ClusterCommand {
  static override summary = 'Add the repositories that plenum package repo list --json printed';
  static override description =
    `Each gets its place in the file. Those that cannot be added are told of, and the others are added all the same.`;
  static override examples = ['<%= config.bin %> package repo import repositories.json'];
  static override args = { file: requiredArgument('A file or a URL') };
  static override flags = { 'dry-run': planFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PackageRepoImport);
    const { packages } = this.connectOrPlan(flags);
    const repositories = repositoriesOf(await parseDocument(await readSource(args.file, this.terminal)));
    const added: Repository[] = [];
    await changeEach(repositories.entries(), async ([index, { name, uri }]) => {
      try {
        await packages.addRepository({ name, uri, index });
        added.push({ name, uri });
        if (!flags.json) this.note(`Added repository ${name} (${uri}) at index ${index}`);
      } catch (error) {
        if (error instanceof PlannedCall) throw error;
        this.note(`Repository ${name} was not added: ${explainError(error).message}`);
      }
    });
    if (flags.json) this.printJson({ repositories: added });
    if (added.length < repositories.length) {
      throw new CliError(
        'failed',
        `${repositories.length - added.length} of ${repositories.length} were not added`,
      );
    }
  }
}

/** Throws CliError. */
const repositoriesOf = ({ repositories }: Readonly<Record<string, unknown>>): readonly Repository[] => {
  const found = (Array.isArray(repositories) ? repositories : []) as readonly Partial<Repository>[];
  const valid = found.flatMap(({ name, uri }) =>
    typeof name === 'string' && typeof uri === 'string' ? [{ name, uri }] : [],
  );
  if (valid.length > 0 && valid.length === found.length) return valid;
  throw new CliError('usage', 'No repositories were found to import', {
    hint: 'The file is what plenum package repo list --json prints: {"repositories":[{"name":"…","uri":"…"}]}',
  });
};
