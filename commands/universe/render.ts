import { pathToFileURL } from 'node:url';
import { string } from '@oclif/core/flags';
import { requiredArgument } from '../../src/cli/arguments.ts';
import { RENDER_FLAGS } from '../../src/cli/catalog/package-flags.ts';
import { readOptions } from '../../src/cli/catalog/read-options.ts';
import { count } from '../../src/cli/flags.ts';
import { JsonCommand } from '../../src/cli/json-command.ts';
import { explained } from '../../src/cli/universe/authoring-error.ts';
import { repositoryFlag } from '../../src/cli/universe/universe-flags.ts';
import { findRepository } from '../../src/universe/authoring/find-repository.ts';
import { readRevision } from '../../src/universe/authoring/read-revision.ts';
import { type JsonObject, objectWithDoubles } from '../../src/universe/json/json.ts';
import { renderPackage } from '../../src/universe/render/render-package.ts';
import { readFolderTree } from '../../src/universe/sources/read-file-tree.ts';

export default class UniverseRender extends JsonCommand {
  static override summary = 'Print the app that installing a package of this repository would start';
  static override description =
    'No cluster is asked: it is what the package service makes of it, with the labels that an installation adds.';
  static override examples = [
    '<%= config.bin %> universe render my-service',
    '<%= config.bin %> universe render my-service --set service.name=other --revision 3',
  ];
  static override args = { name: requiredArgument('Name of the package') };
  static override flags = {
    ...RENDER_FLAGS,
    repository: repositoryFlag,
    revision: count({ description: 'Number of the revision; default: the highest', helpValue: 'NUMBER' }),
    source: string({
      description: 'URI of the repository, for a label; default: that of the folder',
      helpValue: 'URI',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(UniverseRender);
    const options = ((await readOptions(flags, this.terminal)) ?? {}) as JsonObject;
    const app = await explained(async () => {
      const { root } = await findRepository(flags.repository);
      const definition = await readRevision(await readFolderTree(root), {
        name: args.name,
        revision: flags.revision,
        version: flags['package-version'],
      });
      return renderPackage({
        definition,
        options,
        source: flags.source ?? pathToFileURL(root).href,
        ...(flags['app-id'] === undefined ? {} : { appId: flags['app-id'] }),
      });
    });
    this.printJson(objectWithDoubles(app));
  }
}
