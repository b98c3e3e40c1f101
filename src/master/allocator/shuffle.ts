import type { Random } from '../../runtime/random.ts';

/** The items in an order of chance, or as they are when there is no chance. Changes the array that it is given. */
export const shuffle = <Item>(items: Item[], random: Random | undefined): Item[] => {
  if (!random) return items;
  for (let last = items.length - 1; last > 0; last--) {
    const drawn = Math.floor(random.next() * (last + 1));
    [items[last], items[drawn]] = [items[drawn] as Item, items[last] as Item];
  }
  return items;
};
