import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Figure } from '../figures.ts';
import { PUBLIC_SIZE, writeUniverse } from './make-universe.ts';
import { measureLoads } from './measure-loads.ts';
import { measureRendering } from './measure-rendering.ts';
import { measureSearch } from './measure-search.ts';
import { measureService } from './measure-service.ts';

/** Reading, searching and rendering a universe as large as the public one, and what the service needs for it. */
export const measureUniverse = async (): Promise<Figure[]> => {
  const folder = await mkdtemp(join(tmpdir(), 'plenum-bench-universe-'));
  try {
    const universe = join(folder, 'universe');
    await writeUniverse(universe, PUBLIC_SIZE.versions);
    return [
      ...(await measureLoads(folder, universe)),
      ...measureSearch(),
      await measureRendering(),
      ...(await measureService(folder, universe)),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
