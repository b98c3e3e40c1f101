import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PackageDefinition } from '../../clients/cosmos-types.ts';
import type { CurrentCluster } from '../clusters/current-cluster.ts';
import { CliError } from '../errors/cli-error.ts';
import { downloadPlugin } from './download-plugin.ts';
import { installPlugin } from './install-plugin.ts';
import { type Plugin, stagingFolder } from './plugin-store.ts';

interface Binary {
  readonly url: string;
  readonly sha256: string | undefined;
}

const PLATFORMS: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  linux: 'linux',
  darwin: 'darwin',
  win32: 'windows',
};

/** Whether a package brings commands, in whatever form. */
export const hasCommands = ({ resource, command }: PackageDefinition): boolean =>
  (resource?.cli ?? null) !== null || (command ?? null) !== null;

/**
 * Installs the commands of a package for a cluster (universe.md 1.5, cli.md 5.2): the program or archive for this system,
 * its hash checked. Throws CliError.
 */
export const installPackagePlugin = async (
  definition: PackageDefinition,
  { home, cluster, signal }: { home: string; cluster: CurrentCluster; signal: AbortSignal },
): Promise<Plugin> => {
  const { name, version, description, selected = false } = definition;
  const { url, sha256 } = binaryOf(definition);
  const staging = stagingFolder(home, cluster.name);
  try {
    const file = join(staging, 'download');
    const fileName = await downloadPlugin({ url, file, sha256, cluster, signal });
    return await installPlugin(home, cluster.name, {
      file,
      fileName,
      name,
      package: { version, description, selected },
      isUpdate: true,
    });
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
};

const binaryOf = ({ name, resource, command }: PackageDefinition): Binary => {
  const binaries = member(resource?.cli, 'binaries');
  const platform = PLATFORMS[process.platform] ?? process.platform;
  const binary = member(member(binaries, platform), 'x86-64');
  const url = member(binary, 'url');
  if (typeof url === 'string' && /^https?:\/\//.test(url)) return { url, sha256: hashOf(binary) };
  if (binaries === undefined && command) {
    throw new CliError('failed', 'unable to install CLI subcommand. PIP subcommands are no longer supported');
  }
  throw new CliError('failed', `The package ${name} has no commands for ${platform}`);
};

/** Of several the last counts. */
const hashOf = (binary: unknown): string | undefined => {
  const hashes = member(binary, 'contentHash');
  const values = (Array.isArray(hashes) ? hashes : []).flatMap((hash: unknown) =>
    member(hash, 'algo') === 'sha256' ? [member(hash, 'value')] : [],
  );
  const last = values.at(-1);
  return typeof last === 'string' ? last : undefined;
};

const member = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
