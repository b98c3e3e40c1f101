import { tryDefaults } from '../authoring/lint/try-options.ts';
import { type PackageDefinition, templateText } from '../definition/package-definition.ts';
import { entryOf, isJsonObject, type Json, type JsonObject } from '../json/json.ts';
import { parseJson } from '../json/parse-json.ts';
import { contextOf } from '../render/render-package.ts';
import { renderTemplate } from '../render/render-template.ts';

/** Something outside of a package that it needs, as the package writes it. */
export interface MirrorItem {
  readonly kind: 'file' | 'maven' | 'npm' | 'image' | 'unknown';
  readonly address: string;
  /** Lower-case hexadecimal, where the package says what it must be. */
  readonly sha256?: string;
  /** Only to be looked at: the package works without it. */
  readonly isPicture?: boolean;
}

/**
 * What a package needs: all of its resource.json, and what its app fetches and runs when it is rendered with its defaults.
 * A package that cannot be rendered needs the former alone.
 */
export const itemsOf = async (definition: PackageDefinition): Promise<readonly MirrorItem[]> => {
  const items = new Map<string, MirrorItem>();
  for (const item of [...resourceItems(definition), ...(await renderedItems(definition))]) {
    if (!items.has(item.address)) items.set(item.address, item);
  }
  return [...items.values()];
};

const resourceItems = ({ resource }: PackageDefinition): readonly MirrorItem[] => {
  const { assets, images, cli } = resource ?? {};
  const pictures = [
    images?.['icon-small'],
    images?.['icon-medium'],
    images?.['icon-large'],
    images?.screenshots,
  ].flat();
  const platforms = [cli?.binaries?.linux, cli?.binaries?.darwin, cli?.binaries?.windows];
  return [
    ...Object.values(assets?.uris ?? {}).map(itemAt),
    ...Object.values(assets?.container?.docker ?? {}).map(imageItem),
    ...platforms.flatMap((platform): MirrorItem[] => {
      const binary = platform?.['x86-64'];
      const sha256 = binary?.contentHash.findLast(({ algo }) => algo === 'sha256')?.value.toLowerCase();
      return binary ? [{ ...itemAt(binary.url), ...(sha256 === undefined ? {} : { sha256 }) }] : [];
    }),
    ...pictures.flatMap((url): MirrorItem[] =>
      url === undefined ? [] : [{ ...itemAt(url), isPicture: true }],
    ),
  ];
};

const renderedItems = async (definition: PackageDefinition): Promise<readonly MirrorItem[]> => {
  const app = await renderedApp(definition);
  if (app === undefined) return [];
  const texts = (value: Json | undefined): string[] =>
    Array.isArray(value) ? value.filter((element) => typeof element === 'string') : [];
  const fetched = entryOf(app, 'fetch');
  const uris = (Array.isArray(fetched) ? fetched : []).flatMap((one: Json) =>
    isJsonObject(one) ? [entryOf(one, 'uri')] : [],
  );
  const container = entryOf(app, 'container') ?? null;
  const docker = isJsonObject(container) ? (entryOf(container, 'docker') ?? null) : null;
  const image = isJsonObject(docker) ? entryOf(docker, 'image') : undefined;
  return [
    ...[...texts(entryOf(app, 'uris')), ...texts(uris as Json)].filter((uri) => uri !== '').map(itemAt),
    ...(typeof image === 'string' && image !== '' ? [imageItem(image)] : []),
  ];
};

const renderedApp = async (definition: PackageDefinition): Promise<JsonObject | undefined> => {
  const template = templateText(definition);
  if (template === undefined) return undefined;
  try {
    const { options } = definition.config ? await tryDefaults(definition.config) : { options: {} };
    const app = parseJson(renderTemplate(template, contextOf(definition, options)));
    return isJsonObject(app) ? app : undefined;
  } catch {
    return undefined;
  }
};

const itemAt = (address: string): MirrorItem => {
  const [, scheme = ''] = /^([a-z][a-z0-9+.-]*):/i.exec(address) ?? [];
  if (scheme === 'http' || scheme === 'https') return { kind: 'file', address };
  return { kind: scheme === 'maven' || scheme === 'npm' ? scheme : 'unknown', address };
};

const imageItem = (address: string): MirrorItem => ({ kind: 'image', address });
