import type { LongBodyWriter } from '../../../http/long-body.ts';

/** JSON that is too long to be made at once: groups and lists are written piece by piece, everything else as it stands. */

export class JsonGroup {
  readonly fields: object;

  constructor(fields: object) {
    this.fields = fields;
  }
}

/** `show` gives an item as JSON text or as a group. */
export class JsonList<Item> {
  readonly items: Iterable<Item>;
  readonly show: (item: Item) => string | JsonGroup;

  constructor(items: Iterable<Item>, show: (item: Item) => string | JsonGroup) {
    this.items = items;
    this.show = show;
  }
}

/** Items after which a writer may be interrupted. */
const ITEMS_PER_STEP = 8;

/** Writes a value as JSON.stringify would, with pauses. */
export function* writeJson(out: LongBodyWriter, value: unknown): Generator<void, void> {
  if (value instanceof JsonGroup) {
    let mark = '{';
    for (const [name, field] of Object.entries(value.fields)) {
      if (field === undefined) continue;
      out.text(`${mark}${JSON.stringify(name)}:`);
      mark = ',';
      if (field instanceof JsonGroup || field instanceof JsonList) yield* writeJson(out, field);
      else out.text(JSON.stringify(field));
    }
    out.text(mark === '{' ? '{}' : '}');
  } else if (value instanceof JsonList) {
    let count = 0;
    for (const item of value.items) {
      out.text(count === 0 ? '[' : ',');
      const shown = value.show(item);
      if (typeof shown === 'string') out.text(shown);
      else yield* writeJson(out, shown);
      if (++count % ITEMS_PER_STEP === 0) yield;
    }
    out.text(count === 0 ? '[]' : ']');
  } else {
    out.text(JSON.stringify(value));
  }
}
