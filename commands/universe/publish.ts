import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { boolean, string } from '@oclif/core/flags';
import { requiredArgument } from '../../src/cli/arguments.ts';
import { CliError } from '../../src/cli/errors/cli-error.ts';
import { JsonCommand } from '../../src/cli/json-command.ts';
import { explained } from '../../src/cli/universe/authoring-error.ts';
import { buildOrExplain } from '../../src/cli/universe/build-or-explain.ts';
import { publishToRegistry } from '../../src/cli/universe/publish-to-registry.ts';
import { loadSigningKey, passwordFileFlag, signFlag } from '../../src/cli/universe/signing-flags.ts';
import { repositoryFlag } from '../../src/cli/universe/universe-flags.ts';
import { RELEASES } from '../../src/universe/building/releases.ts';
import { writeBuild } from '../../src/universe/building/write-build.ts';
import { publishToGit } from '../../src/universe/publishing/publish-to-git.ts';
import { parseRepositoryUri, redactUri } from '../../src/universe/sources/repository-uri.ts';
import { runGit } from '../../src/universe/sources/run-git.ts';

export default class UniversePublish extends JsonCommand {
  static override summary = 'Put the packages of a repository where clusters find them';
  static override description =
    `Into a folder of a web server (as plenum universe build), into a branch in Git (one commit, pushed; what else is there stays), or into an OCI registry. Nothing is published while something is wrong with a package.
Clusters read what was published in Git and registries by plenum package repo add NAME with the same address.`;
  static override examples = [
    '<%= config.bin %> universe publish /srv/www/universe --sign team.key',
    '<%= config.bin %> universe publish https://git.example.com/universe.git#stable --message "Add my-service"',
    '<%= config.bin %> universe publish oci://registry.example.com/team/universe:1',
  ];
  static override args = {
    target: requiredArgument('A folder, a Git URL (a branch behind #), or oci://HOST/NAME:TAG'),
  };
  static override flags = {
    repository: repositoryFlag,
    message: string({
      char: 'm',
      description: 'What the commit in Git says',
      default: 'Publish packages',
      helpValue: 'TEXT',
    }),
    sign: signFlag,
    'password-file': { ...passwordFileFlag, dependsOn: ['sign'] },
    force: boolean({ description: 'In Git: change revisions that were released already' }),
    'insecure-registries': string({
      description: 'Registries that may be reached without TLS, by commas',
      default: '',
      helpValue: 'HOSTS',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(UniversePublish);
    const { target } = args;
    const location = /^(?:[a-z][a-z0-9+.-]*:|[\w.-]+@)/i.test(target)
      ? await explained(async () => parseRepositoryUri(target))
      : undefined;
    if (flags.sign !== undefined && (location?.kind === 'oci' || location?.kind === 'git')) {
      throw new CliError('usage', 'Only files are signed: what is published into a folder', {
        hint: 'Git and registries have means of their own: signed commits, and who may push',
      });
    }
    const key =
      flags.sign === undefined
        ? undefined
        : await loadSigningKey(this.terminal, { file: flags.sign, passwordFile: flags['password-file'] });
    const { packages, tree } = await buildOrExplain(flags.repository);
    if (location?.kind === 'oci') {
      const digest = await publishToRegistry(packages, {
        name: location.name,
        insecure: flags['insecure-registries'].split(',').filter((host) => host !== ''),
        env: this.terminal.env,
        signal: this.terminal.signal,
      });
      return this.#tell(
        flags.json,
        { target, digest },
        `Published ${packages.length} revisions to ${target} (${digest})`,
      );
    }
    if (location?.kind === 'git') {
      const published = await explained(() =>
        publishToGit(tree, {
          remote: location.remote,
          branch: location.ref,
          message: flags.message,
          isForced: flags.force,
          scratchDir: tmpdir(),
          runGit,
        }),
      );
      const { commit, branch, added, changed } = published;
      const what =
        commit === undefined
          ? `${redactUri(target)} has all packages already: nothing was published`
          : `Published ${added.length + changed.length} files to the branch ${branch} (${commit.slice(0, 12)})`;
      return this.#tell(flags.json, published, what);
    }
    const folder = resolve(location?.kind === 'files' ? location.path : target);
    const files = await explained(() => writeBuild(folder, packages, RELEASES, key));
    this.#tell(flags.json, { target: folder, files }, `Published ${packages.length} revisions to ${folder}`);
  }

  #tell(isJson: boolean | undefined, result: object, text: string): void {
    if (isJson) this.printJson(result);
    else this.note(text);
  }
}
