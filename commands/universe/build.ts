import { resolve } from 'node:path';
import { boolean, string } from '@oclif/core/flags';
import { requiredArgument } from '../../src/cli/arguments.ts';
import { CliError } from '../../src/cli/errors/cli-error.ts';
import { JsonCommand } from '../../src/cli/json-command.ts';
import { explained } from '../../src/cli/universe/authoring-error.ts';
import { buildOrExplain } from '../../src/cli/universe/build-or-explain.ts';
import { loadSigningKey, passwordFileFlag, signFlag } from '../../src/cli/universe/signing-flags.ts';
import { repositoryFlag } from '../../src/cli/universe/universe-flags.ts';
import { RELEASES } from '../../src/universe/building/releases.ts';
import { writeBuild } from '../../src/universe/building/write-build.ts';

export default class UniverseBuild extends JsonCommand {
  static override summary = 'Write the files by which any web server can offer a repository';
  static override description =
    `For each release of DC/OS the packages that work on it, in the form that its clusters read (v3, v4, v5), with the media type to serve a file as beside it, and index.json about all of them.
The same packages give the same bytes. plenum universe serve offers the same without files, and chooses for each client.`;
  static override examples = [
    '<%= config.bin %> universe build target',
    '<%= config.bin %> universe build target --dcos-version 1.13 --dcos-version 2.2',
    '<%= config.bin %> universe build target --sign team.key',
  ];
  static override args = { folder: requiredArgument('A new folder, or that of an earlier build') };
  static override flags = {
    repository: repositoryFlag,
    'dcos-version': string({
      description: `A release to build for; may be given several times; default: ${RELEASES.join(', ')}`,
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'RELEASE',
    }),
    sign: signFlag,
    'password-file': { ...passwordFileFlag, dependsOn: ['sign'] },
    'keep-going': boolean({
      description: 'Leave out packages in which something is wrong, and build the rest',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(UniverseBuild);
    const releases = flags['dcos-version'] ?? RELEASES;
    for (const release of releases) {
      if (!/^\d+(\.\d+)+$/.test(release))
        throw new CliError('usage', `"${release}" is no release, such as 1.13`);
    }
    const key =
      flags.sign === undefined
        ? undefined
        : await loadSigningKey(this.terminal, { file: flags.sign, passwordFile: flags['password-file'] });
    const built = await buildOrExplain(flags.repository, { keepsGoing: flags['keep-going'] });
    const { packages, defects, lines } = built;
    for (const line of lines) this.note(line);
    const files = await explained(() =>
      writeBuild(resolve(args.folder), packages, [...new Set(releases)], key),
    );
    const signed = key === undefined ? '' : ', each with a signature beside it';
    if (flags.json) this.printJson({ files, defects });
    else
      this.note(`Built ${packages.length} revisions into ${files.length} files in ${args.folder}${signed}`);
  }
}
