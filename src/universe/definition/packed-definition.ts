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
export interface PackedDefinition extends PackedParts {
  unpack(): PackageDefinition;
}

/** What a packed definition consists of, so that it can be written down. */
export interface PackedParts {
  readonly summary: PackageSummary;
  /** Every URL of its resource.json. */
  readonly urls: readonly string[];
  /** The definition as JSON, deflated. */
  readonly compressed: Buffer;
}

/** More of a definition than this is never unpacked: a copy on the disk may have been tampered with. */
const LARGEST_UNPACKED_BYTES = 64 * 1024 * 1024;
/** A quarter larger than at the usual level, in half the time. */
const LEVEL = 3;

const compress = promisify(deflateRaw);

/** Packs a definition; the work of compressing is done off the main thread. */
export const packDefinition = async (definition: PackageDefinition): Promise<PackedDefinition> => {
  const compressed = await compress(stringifyJson(definition as unknown as Json), { level: LEVEL });
  const { packagingVersion, name, version, releaseVersion, description, tags } = definition;
  const { framework, selected, upgradesFrom, resource } = definition;
  return restoreDefinition({
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
    compressed,
  });
};

/** Makes a packed definition out of its parts. */
export const restoreDefinition = (parts: PackedParts): PackedDefinition => ({
  ...parts,
  unpack: () => {
    const text = inflateRawSync(parts.compressed, { maxOutputLength: LARGEST_UNPACKED_BYTES });
    return parseJson(text.toString('utf8')) as unknown as PackageDefinition;
  },
});
