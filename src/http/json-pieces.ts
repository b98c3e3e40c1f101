/**
 * The JSON text of a value in pieces. An array may be given as an iterable that makes its items one by one (a generator), at
 * any depth of objects and of such arrays: each item is made when its piece is asked for, so that whoever writes the pieces
 * can pause between any two. Everything else becomes one piece, as `JSON.stringify` writes it.
 */
export function* jsonPieces(value: unknown): Generator<string, void> {
  if (isMadeOneByOne(value)) yield* itemPieces(value);
  else if (isObject(value) && holdsLists(value)) yield* fieldPieces(value);
  else yield JSON.stringify(value);
}

/** Each thing as it is shown; it is looked up when its turn comes. */
export function* eachOf<Item, Shown>(
  items: Iterable<Item>,
  show: (item: Item) => Shown,
): Generator<Shown, void> {
  for (const item of items) yield show(item);
}

function* itemPieces(items: Iterable<unknown>): Generator<string, void> {
  let before = '[';
  for (const item of items) {
    yield* after(before, item);
    before = ',';
  }
  yield before === '[' ? '[]' : ']';
}

function* fieldPieces(object: Readonly<Record<string, unknown>>): Generator<string, void> {
  let before = '{';
  for (const [name, value] of Object.entries(object)) {
    if (value === undefined) continue;
    yield* after(`${before}${JSON.stringify(name)}:`, value);
    before = ',';
  }
  yield '}';
}

/** A text and a value behind it, in one piece where the value is one. */
function* after(text: string, value: unknown): Generator<string, void> {
  let before = text;
  for (const piece of jsonPieces(value)) {
    yield before + piece;
    before = '';
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Without a list of the values: this is asked of every app of a long answer. */
const holdsLists = (object: Readonly<Record<string, unknown>>): boolean => {
  for (const name in object) if (isMadeOneByOne(object[name])) return true;
  return false;
};

const isMadeOneByOne = (value: unknown): value is Iterable<unknown> =>
  isObject(value) && Symbol.iterator in value;
