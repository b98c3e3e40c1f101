import type { Random } from '../../runtime/random.ts';
import { type Bag, bagOfPieces, type Piece, thousandthsOf } from './bag.ts';
import { shuffle } from './shuffle.ts';

/**
 * The chopping rule (mesos.md 5.4): as much of scalar resources as there is room for, in thousandths by name. What can be divided
 * is cut to fit, what cannot is left out when it does not fit.
 */
export const shrinkBag = (bag: Bag, roomFor: (name: string) => number, random: Random | undefined): Bag => {
  const rooms = new Map<string, number>();
  const kept: Piece[] = [];
  let isWhole = true;
  for (const piece of shuffle([...bag.values()], random)) {
    const { kind } = piece;
    const room = rooms.get(kind.name) ?? roomFor(kind.name);
    const size = thousandthsOf(piece);
    const taken = size <= room ? size : kind.unit === undefined ? Math.max(0, room) : 0;
    rooms.set(kind.name, room - taken);
    isWhole &&= taken === size;
    if (taken === size) kept.push(piece);
    else if (taken > 0) kept.push({ kind, value: taken });
  }
  return isWhole ? bag : bagOfPieces(kept);
};
