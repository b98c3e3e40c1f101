import { join, resolve } from 'node:path';
import { boolean, string } from '@oclif/core/flags';
import { requiredArgument } from '../../src/cli/arguments.ts';
import { repositoryUri } from '../../src/cli/catalog/repository-uri.ts';
import { plenumHome } from '../../src/cli/clusters/plenum-home.ts';
import { CliError } from '../../src/cli/errors/cli-error.ts';
import { CommandExit } from '../../src/cli/errors/command-exit.ts';
import { EXIT_CODES } from '../../src/cli/errors/exit-codes.ts';
import { count } from '../../src/cli/flags.ts';
import { JsonCommand } from '../../src/cli/json-command.ts';
import { explained } from '../../src/cli/universe/authoring-error.ts';
import { fetchFile } from '../../src/cli/universe/mirror/fetch-file.ts';
import { fetchImage } from '../../src/cli/universe/mirror/fetch-image.ts';
import { packMirror } from '../../src/cli/universe/mirror/pack-mirror.ts';
import { repositoryTools } from '../../src/cli/universe/mirror/repository-tools.ts';
import { userDockerConfig } from '../../src/registry/docker-config.ts';
import { RELEASES } from '../../src/universe/building/releases.ts';
import { chooseDefinitions } from '../../src/universe/mirroring/choose-definitions.ts';
import { mirrorPackages } from '../../src/universe/mirroring/mirror-packages.ts';
import { openRepository } from '../../src/universe/sources/open-repository.ts';

const GIGABYTE = 1024 ** 3;

export default class UniverseMirror extends JsonCommand {
  static override summary =
    'Bring packages and all that they need into one folder, for clusters without internet';
  static override description =
    `Definitions, files, images (as an OCI layout), maven: and npm: artifacts, commands and pictures; hashes are checked. What is there already is not fetched again. plenum universe serve FOLDER hosts it, with every address led to itself.
What could not be had is told, and the exit code is 1 when a package would miss it.`;
  static override examples = [
    '<%= config.bin %> universe mirror ./mirror hdfs kafka --from ./universe',
    '<%= config.bin %> universe mirror ./mirror.tar cassandra:2.10.0-3.11.6 --from https://universe.example.com/repo',
    '<%= config.bin %> universe mirror ./mirror --selected --from https://git.example.com/universe.git',
  ];
  static override usage = 'universe mirror TARGET [NAME[:VERSION]...] --from URI [FLAGS]';
  static override args = {
    target: requiredArgument(
      'A new folder, that of an earlier run, or a file NAME.tar; names of packages may follow',
    ),
  };
  static override strict = false;
  static override flags = {
    from: string({
      description: 'The repository: a folder, a Git URL, an HTTP URL or oci://…',
      required: true,
      helpValue: 'URI',
    }),
    all: boolean({ description: 'All packages' }),
    selected: boolean({ description: 'All certified packages' }),
    'all-versions': boolean({ description: 'Every version of each, not the newest alone' }),
    'dcos-version': string({
      description: 'Leave out versions that need a newer release',
      default: RELEASES.at(-1) ?? '',
      helpValue: 'RELEASE',
    }),
    platform: string({
      description: 'Of images for several platforms; may be given several times; default: linux/amd64',
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'OS/ARCH',
    }),
    'insecure-registries': string({
      description: 'Registries that may be reached without TLS, by commas',
      default: '',
      helpValue: 'HOSTS',
    }),
    'max-file-size': count({ description: 'In GiB, of one file or layer', default: 8, helpValue: 'GIB' }),
    'max-size': count({ description: 'In GiB, of all files', default: 200, helpValue: 'GIB' }),
  };

  async run(): Promise<void> {
    const { args, flags, argv } = await this.parse(UniverseMirror);
    const names = argv.map(String).slice(1);
    if (names.length === 0 && !flags.all && !flags.selected) {
      throw new CliError('usage', 'Which packages?', { hint: 'Name them, or give --selected or --all' });
    }
    const { env, signal } = this.terminal;
    const target = resolve(args.target);
    const folder = target.replace(/\.tar$/, '');
    const insecure = flags['insecure-registries'].split(',').filter((host) => host !== '');
    const config = await userDockerConfig(env);
    const limitBytes = flags['max-file-size'] * GIGABYTE;
    const release = flags['dcos-version'];
    const manifest = await explained(async () => {
      const cacheDir = join(plenumHome(env), 'universe', 'mirror-cache');
      const tools = repositoryTools({ cacheDir, config, insecure, release, signal });
      const { definitions, problems } = await openRepository(
        { uri: repositoryUri(flags.from) },
        tools,
      ).load();
      for (const { where, message } of problems) this.note(`${where}: ${message}`);
      return mirrorPackages({
        folder,
        definitions: chooseDefinitions(definitions, {
          names,
          isAll: flags.all,
          isSelected: flags.selected,
          isEveryVersion: flags['all-versions'],
          release,
        }),
        tools: {
          fetchFile: (item, file) => fetchFile(item, file, { limitBytes, signal }),
          fetchImage: (reference, layout) =>
            fetchImage(reference, layout, {
              config,
              insecure,
              platforms: flags.platform ?? ['linux/amd64'],
              limitBytes,
              signal,
            }),
        },
        note: (text) => this.note(text),
        signal,
        limitBytes: flags['max-size'] * GIGABYTE,
      });
    });
    if (target !== folder) await packMirror(folder, target);
    if (flags.json) this.printJson({ target, ...manifest });
    if (manifest.missing.some(({ isPicture }) => !isPicture)) throw new CommandExit(EXIT_CODES.failed);
  }
}
