import { promisify } from 'node:util';
import { deflateRaw, inflateRawSync } from 'node:zlib';
import type { Json } from '../json/json.ts';
import { parseJson } from '../json/parse-json.ts';
import { stringifyJson } from '../json/stringify-json.ts';
import type { PackageDefinition, PackageSummary } from './package-definition.ts';
import { resourceUrls } from './resource.ts';

/**
 * A definition as it is kept in memory: what searches need at hand, the rest compressed. The whole public universe has
 * 30 MB of definitions, of which a cluster uses a handful.
 */
export interface PackedDefinition {
  readonly summary: PackageSummary;
  /** Every URL of its resource.json. */
  readonly urls: readonly string[];
  unpack(): PackageDefinition;
}

const compress = promisify(deflateRaw);

/** Packs a definition; the work of compressing is done off the main thread. */
export const packDefinition = async (definition: PackageDefinition): Promise<PackedDefinition> => {
  const packed = await compress(stringifyJson(definition as unknown as Json), { level: 3 });
  const { packagingVersion, name, version, releaseVersion, description, tags } = definition;
  const { framework, selected, upgradesFrom, resource } = definition;
  return {
    summary: {
      packagingVersion,
      name,
      version,
      releaseVersion,
      description,
      tags,
      ...(framework === undefined ? {} : { framework }),
      ...(selected === undefined ? {} : { selected }),
      ...(upgradesFrom === undefined ? {} : { upgradesFrom }),
      ...(resource?.images === undefined ? {} : { images: resource.images }),
    },
    urls: resource ? resourceUrls(resource) : [],
    unpack: () => parseJson(inflateRawSync(packed).toString('utf8')) as unknown as PackageDefinition,
  };
};
