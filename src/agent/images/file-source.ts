import { digestOf, parseDigest } from '../../registry/digest.ts';
import { ImageError, quoteStranger } from '../../registry/image-error.ts';
import type { ImageLimits } from '../../registry/image-limits.ts';
import type { FileReference } from '../../registry/image-reference.ts';
import { type IndexEntry, isRecord, parseManifest } from '../../registry/manifest.ts';
import { type ImageDocument, parseImageDocument } from './image-document.ts';
import type { ImageFiles } from './image-files.ts';
import { openImageFiles } from './image-files.ts';
import type { FoundImage } from './image-source.ts';
import { choosePlatform } from './platform.ts';

/** Finds an image in a file or a folder: what `docker save` writes, or the OCI layout, which newer ones write as well. */
export const findInFile = async (
  reference: FileReference,
  options: { limits: ImageLimits; scratch: string; signal: AbortSignal },
): Promise<FoundImage> => {
  const files = await openImageFiles(reference.path, options);
  try {
    const parts = files.has('manifest.json')
      ? await savedImage(files, reference, options.limits)
      : await layoutImage(files, reference, options.limits);
    return {
      digest: parts.digest,
      document: parts.document,
      withLayer: async (index, _options, use) => {
        const path = parts.layers[index];
        if (path === undefined) throw new ImageError(`The image has no layer ${index}`);
        await use(await files.open(path));
      },
      close: () => files.close(),
    };
  } catch (error) {
    await files.close();
    throw error;
  }
};

interface Parts {
  readonly digest: string;
  readonly document: ImageDocument;
  /** Paths of the packed layers. */
  readonly layers: readonly string[];
}

const savedImage = async (
  files: ImageFiles,
  reference: FileReference,
  limits: ImageLimits,
): Promise<Parts> => {
  const images = JSON.parse((await files.read('manifest.json', limits.documentBytes)).toString('utf8'));
  const entries = (Array.isArray(images) ? images : []).filter(isRecord);
  const tagsOf = ({ RepoTags }: Readonly<Record<string, unknown>>): unknown[] =>
    Array.isArray(RepoTags) ? RepoTags : [];
  const entry = choose(entries, reference, (candidate) => tagsOf(candidate).map(String));
  const { Config, Layers } = entry;
  const layers = Array.isArray(Layers) ? Layers.map(String) : [];
  const bytes = await files.read(String(Config), limits.documentBytes);
  return complete({ digest: digestOf(bytes).text, document: parseImageDocument(bytes, limits), layers });
};

const REF_NAME = 'org.opencontainers.image.ref.name';
/** Indexes may lie in each other: of names, then of platforms. */
const MAX_INDEXES = 3;

const layoutImage = async (
  files: ImageFiles,
  reference: FileReference,
  limits: ImageLimits,
): Promise<Parts> => {
  let path = 'index.json';
  let digest = '';
  for (let depth = 0; depth <= MAX_INDEXES; depth++) {
    const bytes = await files.read(path, limits.documentBytes);
    if (digest !== '') checkDigest(bytes, digest);
    const document = parseManifest(bytes, undefined, limits);
    if (document.type === 'manifest') {
      const config = await files.read(blobPath(document.config.digest.text), limits.documentBytes);
      checkDigest(config, document.config.digest.text);
      const layers = document.layers.map((layer) => blobPath(layer.digest.text));
      return complete({ digest, document: parseImageDocument(config, limits), layers });
    }
    const isNamed = depth === 0 && (reference.name !== undefined || document.manifests.every(hasNoPlatform));
    const chosen = isNamed
      ? choose(document.manifests, reference, ({ annotations }) => [String(annotations[REF_NAME] ?? '')])
      : choosePlatform(document.manifests);
    digest = chosen.digest.text;
    path = blobPath(digest);
  }
  throw new ImageError('The indexes of the image lie in each other');
};

const hasNoPlatform = ({ architecture }: IndexEntry): boolean => architecture === undefined;

/** The only one, or the one that the reference names. */
const choose = <Entry>(
  entries: readonly Entry[],
  { path, name }: FileReference,
  namesOf: (entry: Entry) => readonly string[],
): Entry => {
  const fitting =
    name === undefined
      ? entries
      : entries.filter((entry) => namesOf(entry).some((some) => isNamed(some, name)));
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return only;
  const names = entries.flatMap(namesOf).filter((some) => some !== '');
  const offered = names.length === 0 ? '' : `; it holds ${quoteStranger(names.join(', '))}`;
  throw new ImageError(
    name === undefined
      ? `${path} holds ${entries.length} images: say which with #NAME${offered}`
      : `${path} holds no single image '${quoteStranger(name)}'${offered}`,
  );
};

const isNamed = (full: string, name: string): boolean =>
  full === name || full === `${name}:latest` || full.endsWith(`/${name}`) || full.endsWith(`:${name}`);

const blobPath = (digest: string): string => `blobs/${digest.replace(':', '/')}`;

const checkDigest = (bytes: Buffer, wanted: string): void => {
  const actual = digestOf(bytes, parseDigest(wanted)?.algorithm).text;
  if (actual !== wanted) throw new ImageError(`The blob ${wanted} has another digest: ${actual}`);
};

const complete = (parts: Parts): Parts => {
  const { layers, document } = parts;
  if (layers.length === document.diffIds.length) return parts;
  throw new ImageError(
    `The image has ${layers.length} layers, but its configuration names ${document.diffIds.length}`,
  );
};
