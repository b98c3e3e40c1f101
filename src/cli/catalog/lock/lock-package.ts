import { createHash } from 'node:crypto';
import type { UniverseResource } from '../../../../schemas/generated/universe-resource.ts';
import type { CosmosClient } from '../../../clients/cosmos-client.ts';
import type { PackageDefinition, PackageDescription } from '../../../clients/cosmos-types.ts';
import { errorMessage } from '../../../runtime/error-message.ts';
import { definitionDigest } from '../../../universe/definition/definition-digest.ts';
import { changeResourceUrls } from '../../../universe/definition/resource.ts';
import { isJsonObject, type JsonObject } from '../../../universe/json/json.ts';
import { CliError } from '../../errors/cli-error.ts';
import type { Progress } from '../../output/progress.ts';
import { digestOfImage, type HashContext, hashOfMaven } from './hash-elsewhere.ts';
import type { LockedAsset, LockedPackage } from './lock-file.ts';

/** No asset is larger: more is somebody who sends without end. */
const LARGEST_BYTES = 8 * 1024 ** 3;

export interface LockTools extends HashContext {
  readonly packages: CosmosClient;
  readonly progress: Progress;
}

/**
 * What a package is now: its definition by its digest, and the content of everything that it fetches. Throws CliError
 * when an asset cannot be fetched, or is not what the package itself says it is.
 */
export const lockPackage = async (
  { package: definition, repository }: PackageDescription,
  tools: LockTools,
): Promise<LockedPackage> => {
  const own = withOwnAddresses(definition);
  const assets: LockedAsset[] = [];
  for (const { declared, ...asset } of assetsOf(own)) {
    tools.progress.say(`Looking at ${asset.location}`);
    const hash = await hashOfAsset(asset, tools);
    if (declared !== undefined && hash !== declared) {
      throw new CliError('refused', `${asset.location} is not what package ${definition.name} says`, {
        details: [`expected ${declared}`, `received ${hash}`],
      });
    }
    assets.push(hash === undefined ? asset : { ...asset, hash });
  }
  const { version, releaseVersion } = definition;
  return {
    version,
    ...(releaseVersion === undefined ? {} : { releaseVersion }),
    ...(repository === undefined ? {} : { source: repository.uri }),
    ...(repository?.commit === undefined ? {} : { commit: repository.commit }),
    definition: definitionDigest(own),
    assets,
  };
};

/** Undefined for what has no content of its own, or whose content cannot be had here, which is told. */
const hashOfAsset = async (asset: LockedAsset, tools: LockTools): Promise<string | undefined> => {
  const { kind, location } = asset;
  if (kind !== 'image' && /^https?:\/\//i.test(location)) return hashOf(location, tools.packages);
  try {
    if (kind === 'image') return await digestOfImage(location, tools);
    if (location.startsWith('maven:')) return await hashOfMaven(location, tools);
  } catch (error) {
    if (tools.signal.aborted) throw error;
    tools.progress.note(`${location} has no hash: ${errorMessage(error)}`);
    return undefined;
  }
  tools.progress.note(`${location} has no hash: it is fixed by its name alone`);
  return undefined;
};

/** The package service leads addresses through itself (universe.md 2.11); here they are the package's own again. */
const withOwnAddresses = (definition: PackageDefinition): JsonObject => {
  const { resource, ...rest } = definition;
  const own =
    resource === undefined
      ? definition
      : { ...rest, resource: changeResourceUrls(resource as UniverseResource, ownAddress) };
  return isJsonObject(own) ? own : {};
};

const ownAddress = (url: string): string => {
  const [, encoded] = /^https?:\/\/[^/]+(?:\/[^?]*)?\/package\/resource\?url=([^&]+)$/.exec(url) ?? [];
  if (encoded === undefined) return url;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return url;
  }
};

type Asset = LockedAsset & { readonly declared?: string };

const assetsOf = ({ resource }: JsonObject): readonly Asset[] => {
  const { assets, cli } = (resource ?? {}) as UniverseResource;
  const binaries = Object.entries(cli?.binaries ?? {});
  return [
    ...Object.entries(assets?.uris ?? {}).map(([name, location]) => {
      const [, declared] = /#sha256[=:]([0-9a-f]{64})$/i.exec(location) ?? [];
      return { kind: 'uri', name, location, ...declaredHash(declared) } as const;
    }),
    ...Object.entries(assets?.container?.docker ?? {}).map(
      ([name, location]) => ({ kind: 'image', name, location }) as const,
    ),
    ...binaries.map(([name, { 'x86-64': binary }]) => {
      const declared = binary.contentHash.find(({ algo }) => algo === 'sha256')?.value;
      return {
        kind: 'cli',
        name,
        location: binary.url,
        ...declaredHash(declared),
      } as const;
    }),
  ];
};

const declaredHash = (digest: string | undefined) =>
  digest === undefined ? {} : { declared: `sha256:${digest.toLowerCase()}` };

const hashOf = async (url: string, packages: CosmosClient): Promise<string> => {
  try {
    const stream = await packages.openResource(url);
    const hash = createHash('sha256');
    let length = 0;
    try {
      for await (const chunk of stream.body) {
        length += chunk.length;
        if (length > LARGEST_BYTES) throw new Error('it is longer than 8 GiB');
        hash.update(chunk);
      }
    } finally {
      stream.close();
    }
    return `sha256:${hash.digest('hex')}`;
  } catch (error) {
    throw new CliError('failed', `${url} cannot be fetched: ${errorMessage(error)}`, { cause: error });
  }
};
