import { relative } from 'node:path';
import { string } from '@oclif/core/flags';
import { requiredArgument } from '../../src/cli/arguments.ts';
import { BaseCommand } from '../../src/cli/base-command.ts';
import { explained } from '../../src/cli/universe/authoring-error.ts';
import { repositoryFlag } from '../../src/cli/universe/universe-flags.ts';
import { findRepository } from '../../src/universe/authoring/find-repository.ts';
import { newPackage } from '../../src/universe/authoring/scaffold/new-package.ts';

export default class UniverseNew extends BaseCommand {
  static override summary = 'Make a package that works, to be changed';
  static override description =
    'It is an app that needs nothing but a shell: it can be linted, rendered, tested and installed as it is.';
  static override examples = [
    '<%= config.bin %> universe new my-service',
    '<%= config.bin %> universe new my-service --maintainer me@example.com',
  ];
  static override args = { name: requiredArgument('Name of the package') };
  static override flags = {
    repository: repositoryFlag,
    maintainer: string({
      description: 'Whom to ask: an e-mail address or a URL',
      default: 'someone@example.com',
      helpValue: 'WHOM',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(UniverseNew);
    const folder = await explained(async () => {
      const repository = await findRepository(flags.repository);
      return newPackage(repository, args.name, { maintainer: flags.maintainer });
    });
    this.note(`Made the package ${args.name} in ${relative(process.cwd(), folder) || folder}`);
  }
}
