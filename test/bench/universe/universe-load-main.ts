/**
 * `universe-load-main CACHE-DIR UNIVERSE`: reads a universe in a process of its own, and looks at it again. Prints
 * `{ firstMs, againMs, versions }`.
 */
import { openRepository } from '../../../src/universe/sources/open-repository.ts';

const [cacheDir = '', universe = ''] = process.argv.slice(2);
const nobody = (): Promise<never> => Promise.reject(new Error('The universe lies in a folder'));
const source = openRepository(
  { uri: universe },
  {
    cacheDir,
    fetchUrl: nobody,
    pullArtifact: nobody,
    userAgent: 'bench',
  },
);
const started = performance.now();
const loaded = await source.load();
const firstMs = performance.now() - started;
const looked = performance.now();
if ((await source.load(loaded)) !== loaded) throw new Error('The universe has changed');
const againMs = performance.now() - looked;
process.stdout.write(JSON.stringify({ firstMs, againMs, versions: loaded.definitions.length }));
