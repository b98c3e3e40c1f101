import type { Json } from '../json/json.ts';
import { parseJson } from '../json/parse-json.ts';

/** A JSON value with the place where it stands in the text. */
export interface JsonNode {
  /** Offsets in the text, the second one behind the value. */
  readonly start: number;
  readonly end: number;
  /** Of an object, in the order of the text, duplicates included. */
  readonly members?: readonly JsonMember[];
  /** Of an array. */
  readonly elements?: readonly JsonNode[];
}

export interface JsonMember {
  readonly key: string;
  /** Where the key stands. */
  readonly start: number;
  readonly value: JsonNode;
}

/** A JSON text, its value, and where each part of it stands. */
export interface JsonDocument {
  readonly text: string;
  readonly value: Json;
  readonly root: JsonNode;
}

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Reads a JSON text for messages about its parts. Throws JsonSyntaxError. */
export const readJsonDocument = (source: string): JsonDocument => {
  const text = source.startsWith('\ufeff') ? source.slice(1) : source;
  const value = parseJson(text);
  return { text, value, root: new Scanner(text).node() };
};

/** Line and column of an offset, both from 1. */
export const positionAt = (text: string, offset: number): Position => {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
};

/** Where a pointer leads: the key of a member, the start of an element; where a part is missing, what should have it. */
export const offsetOf = ({ root }: JsonDocument, pointer: string): number => {
  let node = root;
  let offset = root.start;
  for (const part of pointer.split('/').slice(1).map(unescapePointer)) {
    const member = node.members?.findLast(({ key }) => key === part);
    const next = member?.value ?? node.elements?.[Number(part)];
    if (next === undefined) break;
    node = next;
    offset = member?.start ?? next.start;
  }
  return offset;
};

/** Keys that an object has twice, with the pointers of the objects; the last one of each counts. */
export const duplicateKeys = (
  node: JsonNode,
  pointer = '',
): { key: string; pointer: string; start: number }[] => {
  const seen = new Set<string>();
  const own = (node.members ?? []).flatMap(({ key, start }) => {
    const isDuplicate = seen.has(key);
    seen.add(key);
    return isDuplicate ? [{ key, pointer, start }] : [];
  });
  const inner = [
    ...(node.members ?? []).map(({ key, value }) => duplicateKeys(value, `${pointer}/${escapePointer(key)}`)),
    ...(node.elements ?? []).map((element, index) => duplicateKeys(element, `${pointer}/${index}`)),
  ];
  return [...own, ...inner.flat()];
};

/** Compact JSON of a part of a text. Numbers keep the spelling of their author: a reader may tell 1.0 from 1. */
export const compactJson = (
  { text }: Pick<JsonDocument, 'text'>,
  node: JsonNode,
  changeMember: (member: JsonMember) => string | undefined = () => undefined,
): string => {
  const print = (part: JsonNode): string => {
    if (part.members) return `{${lastOfEach(part.members).map(printMember).join(',')}}`;
    if (part.elements) return `[${part.elements.map(print).join(',')}]`;
    return text.slice(part.start, part.end);
  };
  const printMember = (member: JsonMember): string =>
    `${JSON.stringify(member.key)}:${changeMember(member) ?? print(member.value)}`;
  return print(node);
};

/** Of members of one key the last, at the place of the first, as every reader sees them. */
export const lastOfEach = (members: readonly JsonMember[]): readonly JsonMember[] => [
  ...new Map(members.map((member) => [member.key, member])).values(),
];

export const escapePointer = (part: string): string => part.replaceAll('~', '~0').replaceAll('/', '~1');

export const unescapePointer = (part: string): string => part.replaceAll('~1', '/').replaceAll('~0', '~');

const SPACE = /[ \t\r\n]*/y;
const STRING_MARK = /["\\]/g;
const SCALAR_END = /[ \t\r\n,\]}]/g;

/** Finds the parts of a text that is known to be JSON. */
class Scanner {
  readonly #text: string;
  #position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  node(): JsonNode {
    this.#skipSpace();
    const start = this.#position;
    switch (this.#text[start]) {
      case '{':
        return { start, members: this.#list('}', () => this.#member()), end: this.#position };
      case '[':
        return { start, elements: this.#list(']', () => this.node()), end: this.#position };
      case '"':
        this.#skipString();
        return { start, end: this.#position };
      default:
        SCALAR_END.lastIndex = start;
        this.#position = SCALAR_END.exec(this.#text)?.index ?? this.#text.length;
        return { start, end: this.#position };
    }
  }

  #member(): JsonMember {
    this.#skipSpace();
    const start = this.#position;
    this.#skipString();
    const key = String(JSON.parse(this.#text.slice(start, this.#position)));
    this.#skipSpace();
    this.#position++;
    return { key, start, value: this.node() };
  }

  #list<Part>(close: string, read: () => Part): Part[] {
    const parts: Part[] = [];
    this.#position++;
    this.#skipSpace();
    while (this.#text[this.#position] !== close) {
      parts.push(read());
      this.#skipSpace();
      if (this.#text[this.#position] === ',') this.#position++;
    }
    this.#position++;
    return parts;
  }

  #skipString(): void {
    for (let from = this.#position + 1; ; ) {
      STRING_MARK.lastIndex = from;
      const mark = STRING_MARK.exec(this.#text)?.index ?? this.#text.length;
      this.#position = mark + 1;
      if (this.#text[mark] !== '\\') return;
      from = mark + 2;
    }
  }

  #skipSpace(): void {
    SPACE.lastIndex = this.#position;
    this.#position += SPACE.exec(this.#text)?.[0].length ?? 0;
  }
}
