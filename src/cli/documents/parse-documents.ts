import { offsetOf, positionAt, readJsonDocument } from '../../universe/authoring/json-tree.ts';
import { CliError } from '../errors/cli-error.ts';
import { isYaml, MOST_ALIASES, parseJsonText, yamlError } from './parse-document.ts';
import type { Source } from './read-source.ts';

/** One object of a text, which may hold several. */
export interface PlacedDocument {
  readonly value: Readonly<Record<string, unknown>>;
  /** Where a part of it stands, or what it should be in, as FILE:LINE:COLUMN. */
  placeOf(pointer: string): string;
}

/**
 * The objects that a text holds: in JSON one, or an array of them; in YAML (by the name, .yaml or .yml) those of all its
 * documents. Throws CliError that names the place as FILE:LINE:COLUMN.
 */
export const parseDocuments = async (source: Source): Promise<PlacedDocument[]> => {
  const documents = isYaml(source) ? await readYaml(source) : [readJson(source)];
  return documents.flatMap(({ value, placeOf }) =>
    Array.isArray(value)
      ? value.map((_, index) => element({ value, placeOf }, index))
      : [checked({ value, placeOf })],
  );
};

interface AnyDocument {
  readonly value: unknown;
  placeOf(pointer: string): string;
}

const element = ({ value, placeOf }: { value: unknown[] } & Pick<AnyDocument, 'placeOf'>, index: number) =>
  checked({ value: value[index], placeOf: (pointer) => placeOf(`/${index}${pointer}`) });

const checked = ({ value, placeOf }: AnyDocument): PlacedDocument => {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return { value: value as Record<string, unknown>, placeOf };
  }
  throw new CliError('failed', `${placeOf('')}: an object is expected here`);
};

const readJson = (source: Source): AnyDocument => {
  const value = parseJsonText(source);
  return {
    value,
    placeOf: (pointer) => {
      const document = readJsonDocument(source.text);
      const { line, column } = positionAt(document.text, offsetOf(document, pointer));
      return `${source.name}:${line}:${column}`;
    },
  };
};

const readYaml = async ({ name, text }: Source): Promise<AnyDocument[]> => {
  const { LineCounter, isNode, isPair, parseAllDocuments } = await import('yaml');
  const lineCounter = new LineCounter();
  const parsed = parseAllDocuments(text, { lineCounter, prettyErrors: true });
  if (!Array.isArray(parsed)) return [];
  return parsed.flatMap((document): AnyDocument[] => {
    const [error] = document.errors;
    if (error) throw yamlError(name, error);
    const value: unknown = document.toJS({ maxAliasCount: MOST_ALIASES });
    // What stands between two marks may be nothing.
    if (value === null) return [];
    const placeOf = (pointer: string): string => {
      let offset = document.contents?.range?.[0] ?? 0;
      let node: unknown = document.contents;
      for (const part of pointer.split('/').slice(1).map(unescapePointer)) {
        const items: readonly unknown[] =
          typeof node === 'object' && node !== null && 'items' in node && Array.isArray(node.items)
            ? node.items
            : [];
        const pair = items.find((item) => isPair(item) && isNode(item.key) && String(item.key) === part);
        const next = isPair(pair) ? pair.value : items[Number(part)];
        const start = isPair(pair) ? pair.key : next;
        if (next === undefined) break;
        if (isNode(start) && start.range) [offset] = start.range;
        node = next;
      }
      const { line, col } = lineCounter.linePos(offset);
      return `${name}:${line}:${col}`;
    };
    return [{ value, placeOf }];
  });
};

const unescapePointer = (part: string): string => part.replaceAll('~1', '/').replaceAll('~0', '~');
