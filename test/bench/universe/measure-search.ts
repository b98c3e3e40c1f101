import { mergeRepositories } from '../../../src/universe/catalog/catalog.ts';
import { createSearchIndex } from '../../../src/universe/catalog/search-index.ts';
import type { PackageSummary } from '../../../src/universe/definition/package-definition.ts';
import { restoreDefinition } from '../../../src/universe/definition/packed-definition.ts';
import type { Figure } from '../figures.ts';
import { summaryOf } from './make-universe.ts';

const PACKAGES = 10_000;
const RUNS = 100;
const WARM_UP = 20;
const QUERIES = ['memory', 'kafka', 'scheduler-7', 'storage*', '*cluster*', 'a', 'nothing at all'];

/** Searches of all kinds in turn, in the order of fit, which takes longest. */
export const measureSearch = (): Figure[] => {
  const summaries: PackageSummary[] = Array.from({ length: PACKAGES }, (_, index) => summaryOf(index));
  const definitions = summaries.map((summary) =>
    restoreDefinition({ summary, urls: [], compressed: Buffer.alloc(0) }),
  );
  const catalog = mergeRepositories([{ repository: { name: 'bench', uri: '/bench' }, definitions }]);
  const started = performance.now();
  const index = createSearchIndex(catalog);
  const preparation = performance.now() - started;
  const values: number[] = [];
  for (let run = 0; run < WARM_UP + RUNS; run++) {
    for (const query of QUERIES) {
      const begun = performance.now();
      index.search(query, 'fit');
      if (run >= WARM_UP) values.push(performance.now() - begun);
    }
  }
  return [
    { what: 'a search in 10,000 packages', unit: 'ms', values, aim: 'under 20 ms' },
    { what: 'preparing them for searches', unit: 'ms', values: [preparation] },
  ];
};
