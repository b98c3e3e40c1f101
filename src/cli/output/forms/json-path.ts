import { type JSONValue, jsonpath } from 'json-p3';
import { errorMessage } from '../../../runtime/error-message.ts';
import { CliError } from '../../errors/cli-error.ts';

/** Gives the values at a path. */
type Query = (value: unknown) => readonly unknown[];

/**
 * A path of RFC 9535, or without its `$`, as kubectl has it: `.tasks[*].id`, `tasks[?@.state == 'TASK_RUNNING'].id`. Throws
 * CliError for what is no path.
 */
export const parsePath = (text: string): Query => {
  const path = text.trim();
  const rooted = path.startsWith('$') ? path : `$${/^[.[]/.test(path) ? '' : '.'}${path}`;
  try {
    const compiled = jsonpath.compile(rooted === '$.' ? '$' : rooted);
    return (value) => compiled.query(value as JSONValue).values();
  } catch (error) {
    throw new CliError('usage', `"${text}" is no JSONPath: ${errorMessage(error)}`, {
      hint: 'plenum help output tells how paths are written',
    });
  }
};

/** A piece of a template. */
type Piece =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'path'; readonly query: Query }
  | { readonly type: 'range'; readonly query: Query; readonly body: readonly Piece[] };

/**
 * What `jsonpath=` prints. Without braces it is one path, and every value has its line. With braces it is a text with
 * paths in it, as kubectl has them: `{range .[*]}{.id}{"\t"}{.state}{"\n"}{end}`. Throws CliError.
 */
export const parsePathTemplate = (template: string): ((value: unknown) => string) => {
  if (!template.includes('{')) {
    const query = parsePath(template);
    return (value) =>
      query(value)
        .map((found) => `${plainText(found)}\n`)
        .join('');
  }
  const pieces = parsePieces(template);
  return (value) => {
    const text = render(pieces, value);
    return text === '' || text.endsWith('\n') ? text : `${text}\n`;
  };
};

const TOKEN = /\{((?:"(?:\\.|[^"\\])*"|'[^']*'|[^{}"'])*)\}|([^{}]+)/y;

const parsePieces = (template: string): readonly Piece[] => {
  const open: { readonly query: Query; readonly body: Piece[] }[] = [];
  const pieces: Piece[] = [];
  const current = (): Piece[] => open.at(-1)?.body ?? pieces;
  for (let at = 0; at < template.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const [, inner, text] = TOKEN.exec(template) ?? failAt(template, at);
    const word = inner?.trim() ?? '';
    if (text !== undefined) current().push({ type: 'text', text });
    else if (/^["']/.test(word)) current().push({ type: 'text', text: literal(word) });
    else if (/^range\s/.test(word)) open.push({ query: parsePath(word.slice('range'.length)), body: [] });
    else if (word === 'end') {
      const { query, body } = open.pop() ?? failAt(template, at);
      current().push({ type: 'range', query, body });
    } else current().push({ type: 'path', query: parsePath(word) });
  }
  if (open.length > 0) throw new CliError('usage', 'A {range …} of the template has no {end}');
  return pieces;
};

const failAt = (template: string, at: number): never => {
  throw new CliError('usage', `The template cannot be read from here: ${template.slice(at, at + 40)}`, {
    hint: 'plenum help output tells how templates are written',
  });
};

const literal = (word: string): string => {
  if (word.startsWith("'")) return word.slice(1, -1);
  try {
    return JSON.parse(word) as string;
  } catch {
    throw new CliError('usage', `${word} is no text`, { hint: 'Texts are written as in JSON: {"\\n"}' });
  }
};

const render = (pieces: readonly Piece[], value: unknown): string =>
  pieces.map((piece) => renderPiece(piece, value)).join('');

const renderPiece = (piece: Piece, value: unknown): string => {
  switch (piece.type) {
    case 'text':
      return piece.text;
    case 'path':
      return piece.query(value).map(plainText).join(' ');
    case 'range': {
      const items = piece.query(value);
      return items.map((item) => render(piece.body, item)).join('');
    }
  }
};

/** Texts as they are, all else as JSON. */
export const plainText = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
