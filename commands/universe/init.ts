import { basename, resolve } from 'node:path';
import { optionalArgument } from '../../src/cli/arguments.ts';
import { BaseCommand } from '../../src/cli/base-command.ts';
import { explained } from '../../src/cli/universe/authoring-error.ts';
import { repositoryFiles } from '../../src/universe/authoring/scaffold/repository-files.ts';
import { writeNewFolder } from '../../src/universe/authoring/scaffold/write-new-files.ts';

export default class UniverseInit extends BaseCommand {
  static override summary = 'Make a repository for packages of your own';
  static override examples = ['<%= config.bin %> universe init my-universe'];
  static override args = { folder: optionalArgument('A new or empty folder; default: where you stand') };

  async run(): Promise<void> {
    const { args } = await this.parse(UniverseInit);
    const folder = resolve(args.folder ?? '.');
    await explained(() => writeNewFolder(folder, repositoryFiles(basename(folder))));
    this.note(`Made the repository ${folder}`);
    this.note(`Make a package: plenum universe new NAME --repository ${args.folder ?? '.'}`);
  }
}
