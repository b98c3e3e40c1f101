import { resolve } from 'node:path';
import { string } from '@oclif/core/flags';
import { optionalArgument } from '../../src/cli/arguments.ts';
import { BaseCommand } from '../../src/cli/base-command.ts';
import { repositoryUri } from '../../src/cli/catalog/repository-uri.ts';
import { duration } from '../../src/cli/flags.ts';
import { becomeProgram, programArguments } from '../../src/cli/run-program.ts';
import { serverFlags, tlsFlags } from '../../src/cli/server-flags.ts';
import { explained } from '../../src/cli/universe/authoring-error.ts';
import { findRepository } from '../../src/universe/authoring/find-repository.ts';

const {
  credential: _speaksToNobody,
  authenticate_http_readonly: _always,
  authenticate_http_readwrite: _never,
  ...listenFlags
} = serverFlags(8085);
const { 'token-file': _none, ...tls } = tlsFlags();

export default class UniverseServe extends BaseCommand {
  static override summary = 'Offer a repository to clusters over HTTP, in the foreground';
  static override description =
    `Clusters of every release get the packages that work on them, in the form that they read; changes are picked up by themselves. A state in which a package breaks is not served: the last good one is, and / says why.
A mirror is hosted with all that it holds: files, and images as a registry that can be pulled from.
With --credentials only those in the file may read, by HTTP Basic or with the secret as a bearer token.`;
  static override examples = [
    '<%= config.bin %> universe serve',
    '<%= config.bin %> universe serve https://git.example.com/universe.git#main --interval 1m',
    '<%= config.bin %> universe serve ./my-universe --host 0.0.0.0 --insecure-listen --hostname universe.marathon.mesos',
  ];
  static override args = {
    repository: optionalArgument(
      'A folder, a mirror (also NAME.tar), or a Git URL; default: where you stand',
    ),
  };
  static override flags = {
    ...listenFlags,
    ...tls,
    url: string({
      description:
        'Where clusters reach this server: the addresses of a mirror are led there; default: as it listens',
      helpValue: 'URL',
    }),
    interval: duration({
      description: 'How often to look for changes; default: 2s for a folder, 30s for Git',
      helpValue: 'TIME',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(UniverseServe);
    const repository =
      args.repository === undefined
        ? (await explained(() => findRepository('.'))).root
        : args.repository.endsWith('.tar')
          ? resolve(args.repository)
          : repositoryUri(args.repository);
    becomeProgram('server', ['universe', ...programArguments({ ...flags, repository })]);
  }
}
