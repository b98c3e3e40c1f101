import { string } from '@oclif/core/flags';
import { optionalArgument } from '../../src/cli/arguments.ts';
import {
  DEFAULT_LOCK_FILE,
  type LockedPackage,
  readLock,
  writeLock,
} from '../../src/cli/catalog/lock/lock-file.ts';
import { lockPackage } from '../../src/cli/catalog/lock/lock-package.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { CliError } from '../../src/cli/errors/cli-error.ts';
import type { CosmosClient } from '../../src/clients/cosmos-client.ts';

export default class PackageLock extends ClusterCommand {
  static override summary = 'Write down what packages are, so that nothing else is installed';
  static override description =
    `For each package the lock file has the version, the repository with its commit, the digest of the definition and the hash of everything that it fetches. plenum package install --locked refuses whatever differs.
Packages are named as NAME or NAME@VERSION and added to the file; without names the file gets what is installed. What a maven: coordinate stands for is brought by mvn, the digest of an image asked of its registry; what has no hash (npm:, or where the program is missing) is said.`;
  static override examples = [
    '<%= config.bin %> package lock',
    '<%= config.bin %> package lock hdfs kafka@4.3.1 --file team.lock.json',
    '<%= config.bin %> package install hdfs --locked',
  ];
  static override usage = 'package lock [NAME[@VERSION]...] [FLAGS]';
  static override args = { name: optionalArgument('Name of a package, or NAME@VERSION; several may follow') };
  static override strict = false;
  static override flags = {
    file: string({
      description: `The lock file, YAML or JSON by its name; default: ${DEFAULT_LOCK_FILE}`,
      helpValue: 'FILE',
    }),
  };

  async run(): Promise<void> {
    const { flags, argv } = await this.parse(PackageLock);
    const { file = DEFAULT_LOCK_FILE } = flags;
    const { packages } = this.connect(flags);
    const present = argv.length === 0 ? undefined : await readLock(file);
    const wanted =
      argv.length === 0 ? await installedVersions(packages) : new Map(argv.map(String).map(parseName));
    const progress = this.createProgress();
    const { env, signal } = this.terminal;
    const locked = new Map<string, LockedPackage>(Object.entries(present?.packages ?? {}));
    try {
      for (const [name, version] of wanted) {
        const description = await packages.describeWithSource(name, version);
        locked.set(name, await lockPackage(description, { packages, progress, env, signal }));
      }
    } finally {
      progress.stop();
    }
    const sorted = [...locked].sort(([one], [other]) => (one < other ? -1 : 1));
    const lock = { lockVersion: 1, packages: Object.fromEntries(sorted) } as const;
    await writeLock(file, lock);
    if (flags.json) return this.printJson(lock);
    for (const [name, { version }] of sorted.filter(([each]) => wanted.has(each))) {
      this.note(`${name} ${version}`);
    }
    this.note(`Wrote ${file}`);
  }
}

const parseName = (text: string): [string, string | undefined] => {
  const [name = '', version] = text.split('@', 2);
  if (name === '' || version === '')
    throw new CliError('usage', `"${text}" is neither NAME nor NAME@VERSION`);
  return [name, version];
};

type Wanted = ReadonlyMap<string, string | undefined>;

const installedVersions = async (packages: CosmosClient): Promise<Wanted> => {
  const versions = new Map<string, string>();
  for (const { packageInformation } of await packages.list()) {
    const { name, version } = packageInformation.packageDefinition;
    const other = versions.get(name);
    if (other !== undefined && other !== version) {
      throw new CliError('conflict', `Package ${name} is installed in versions ${other} and ${version}`, {
        hint: `Name one: plenum package lock ${name}@${version}`,
      });
    }
    versions.set(name, version);
  }
  if (versions.size > 0) return versions;
  throw new CliError('not-found', 'No package is installed', {
    hint: 'Name packages: plenum package lock hdfs',
  });
};
