import type { Architectures, UniverseResource } from '../../../schemas/generated/universe-resource.ts';
import { entryOf, isJsonObject, type Json, type JsonObject } from '../json/json.ts';
import type { PackagingVersion } from './package-definition.ts';

const PLATFORMS = ['windows', 'linux', 'darwin'] as const;
const IMAGES = ['icon-small', 'icon-medium', 'icon-large', 'screenshots'];

/** The known fields of a resource.json; unknown ones and nulls are dropped. What is no object is given back as it is. */
export const pickResource = (raw: Json, packagingVersion: PackagingVersion): Json => {
  if (!isJsonObject(raw)) return raw;
  return picked(raw, {
    assets: (assets) =>
      pickedObject(assets, {
        uris: (uris) => uris,
        container: (container) => pickedObject(container, { docker: (images) => images }),
      }),
    images: (images) => pickedObject(images, Object.fromEntries(IMAGES.map((name) => [name, same]))),
    ...(packagingVersion === '2.0' ? {} : { cli: pickCli }),
  });
};

/**
 * The resource as templates and stored definitions see it: every field of the format is there, absent ones as null
 * (reference 1.14).
 */
export const resourceWithNulls = (
  resource: UniverseResource,
  packagingVersion: PackagingVersion,
): JsonObject => {
  const { assets, images, cli } = resource;
  const binaries = cli?.binaries;
  return {
    assets: assets
      ? {
          uris: assets.uris ?? null,
          container: assets.container ? { docker: assets.container.docker ?? {} } : null,
        }
      : null,
    images: images
      ? {
          'icon-small': images['icon-small'] ?? null,
          'icon-medium': images['icon-medium'] ?? null,
          'icon-large': images['icon-large'] ?? null,
          screenshots: images.screenshots ?? null,
        }
      : null,
    ...(packagingVersion === '2.0'
      ? {}
      : { cli: cli ? { binaries: binaries ? platforms(binaries) : null } : null }),
  };
};

/** Every URL of a resource that a client may have to fetch through the cluster. */
export const resourceUrls = (resource: UniverseResource): readonly string[] => {
  const { assets, images, cli } = resource;
  const binaries = PLATFORMS.flatMap((platform) => cli?.binaries?.[platform]?.['x86-64'].url ?? []);
  const pictures = [images?.['icon-small'], images?.['icon-medium'], images?.['icon-large']];
  return [
    ...Object.values(assets?.uris ?? {}),
    ...pictures.flatMap((url) => url ?? []),
    ...(images?.screenshots ?? []),
    ...binaries,
  ];
};

/** The same resource with every URL changed; image references of containers stay. */
export const changeResourceUrls = (
  resource: UniverseResource,
  change: (url: string) => string,
): UniverseResource => {
  const changed = structuredClone(resource);
  const { assets, images, cli } = changed;
  if (assets?.uris) assets.uris = changedValues(assets.uris, change);
  if (images) changed.images = changeImageUrls(images, change);
  for (const platform of PLATFORMS) {
    const binary = cli?.binaries?.[platform]?.['x86-64'];
    if (binary) binary.url = change(binary.url);
  }
  return changed;
};

/** The same images with every URL changed. */
export const changeImageUrls = (images: Images, change: (url: string) => string): Images => {
  const changed: Images = { ...images };
  for (const size of ['icon-small', 'icon-medium', 'icon-large'] as const) {
    const url = images[size];
    if (url !== undefined) changed[size] = change(url);
  }
  if (images.screenshots) changed.screenshots = images.screenshots.map(change);
  return changed;
};

type Images = NonNullable<UniverseResource['images']>;

const changedValues = (values: Record<string, string>, change: (value: string) => string) =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]));

type Picks = Readonly<Record<string, (value: Json) => Json>>;

const picked = (raw: JsonObject, fields: Picks): JsonObject =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, pick]) => {
      const value = entryOf(raw, name) ?? null;
      return value === null ? [] : [[name, pick(value)]];
    }),
  );

const pickedObject = (raw: Json, fields: Picks): Json => (isJsonObject(raw) ? picked(raw, fields) : raw);

const same = (value: Json): Json => value;

const pickCli = (cli: Json): Json =>
  pickedObject(cli, {
    binaries: (binaries) =>
      pickedObject(binaries, Object.fromEntries(PLATFORMS.map((platform) => [platform, pickArchitectures]))),
  });

const pickArchitectures = (architectures: Json): Json =>
  pickedObject(architectures, {
    'x86-64': (binary) => pickedObject(binary, { kind: same, url: same, contentHash: same }),
  });

const platforms = (binaries: NonNullable<NonNullable<UniverseResource['cli']>['binaries']>): JsonObject =>
  Object.fromEntries(PLATFORMS.map((platform) => [platform, architectures(binaries[platform])]));

const architectures = (found: Architectures | undefined): Json => {
  if (!found) return null;
  const { kind, url, contentHash } = found['x86-64'];
  return { 'x86-64': { kind, url, contentHash: contentHash.map(({ algo, value }) => ({ algo, value })) } };
};
