import { loadavg } from 'node:os';
import { measureAllocator } from './allocator.ts';
import { measureCommands, measureTasks, measureUp } from './clusters.ts';
import { type Figure, printTable } from './figures.ts';
import { measureMarathon } from './marathon/measure-marathon.ts';
import { measureBigReads } from './scale/big-reads.ts';
import { measureCommandTasks } from './scale/command-tasks.ts';
import { measureDurableWrites } from './scale/durable-writes.ts';
import { measureEventStream } from './scale/event-stream.ts';
import { measureReRegistration } from './scale/re-registration.ts';
import { measureSimulations } from './scale/simulations.ts';
import { measureSmallReads } from './scale/small-reads.ts';
import { measureTaskListing } from './scale/task-listing.ts';
import type { ClusterSize } from './scale/virtual-cluster.ts';
import { measureUniverse } from './universe/measure-universe.ts';

/** The size that the aims are about, and how the cost grows: a quarter, half and all of it, or twice and four times. */
const SIZES: readonly ClusterSize[] = [2_500, 5_000, 10_000].map((agents) => ({
  agents,
  tasksPerAgent: 10,
  frameworks: 100,
}));

const SECTIONS: Readonly<Record<string, () => Figure[] | Promise<Figure[]>>> = {
  commands: measureCommands,
  listing: measureTaskListing,
  up: async () => [await measureUp(1), await measureUp(3)],
  tasks: measureTasks,
  launches: measureCommandTasks,
  allocator: measureAllocator,
  reads: () => measureBigReads(SIZES),
  back: () => measureReRegistration(SIZES),
  events: measureEventStream,
  http: measureSmallReads,
  durable: measureDurableWrites,
  simulation: () => measureSimulations(SIZES),
  marathon: measureMarathon,
  universe: measureUniverse,
};

const chosen = process.argv.slice(2);
const unknown = chosen.find((name) => !(name in SECTIONS));
if (unknown !== undefined) {
  process.stderr.write(`There is no ${unknown}: name some of ${Object.keys(SECTIONS).join(', ')}\n`);
  process.exit(2);
}
const failed: string[] = [];
for (const [name, measure] of Object.entries(SECTIONS)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  process.stderr.write(`${name} (load ${loadavg()[0]?.toFixed(1)})\n`);
  const startedMs = performance.now();
  try {
    process.stdout.write(`${printTable(await measure())}\n\n`);
  } catch (error) {
    // What comes after it is worth measuring all the same.
    failed.push(name);
    process.stderr.write(`${name} failed: ${error instanceof Error ? error.stack : error}\n`);
  }
  process.stderr.write(`${name} took ${((performance.now() - startedMs) / 1000).toFixed(0)} s\n`);
}
if (failed.length > 0) process.stderr.write(`Not measured: ${failed.join(', ')}\n`);
process.exit(failed.length > 0 ? 1 : 0);
