/**
 * `universe-service-main CACHE-DIR UNIVERSE`: the package service with a universe, in a process of its own. Tells its
 * parent its URL; to every message it answers with the longest time that its event loop was held up since the last one.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { startPackages } from '../../../src/packages/server.ts';
import { systemClock } from '../../../src/runtime/clock.ts';
import { silentLog } from '../../../src/runtime/log.ts';
import { systemRandom } from '../../../src/runtime/random.ts';
import { memoryStore } from '../../../src/store/memory-store.ts';

const [cacheDir = '', bundledUniverse = ''] = process.argv.slice(2);
const NANOSECONDS_PER_MS = 1e6;
const NOBODY = 'http://127.0.0.1:1';
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
const { url } = await startPackages({
  mesosUrl: NOBODY,
  marathonUrl: NOBODY,
  host: '127.0.0.1',
  port: 0,
  hostnames: [],
  store: memoryStore(),
  log: silentLog,
  clock: systemClock,
  random: systemRandom,
  version: '0.0.0',
  cacheDir,
  bundledUniverse,
});
process.on('message', () => {
  process.send?.({ heldUpMs: delay.max / NANOSECONDS_PER_MS });
  delay.reset();
});
process.send?.({ url });
