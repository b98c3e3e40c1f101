import { describe, expect, it } from 'vitest';
import { type Catalog, mergeRepositories } from '../../src/universe/catalog/catalog.ts';
import {
  createSearchIndex,
  type SearchIndex,
  type SearchOrder,
} from '../../src/universe/catalog/search-index.ts';
import type { PackageSummary } from '../../src/universe/definition/package-definition.ts';
import { restoreDefinition } from '../../src/universe/definition/packed-definition.ts';

const summaryOf = (name: string, changes: Partial<PackageSummary> = {}): PackageSummary => ({
  packagingVersion: '4.0',
  name,
  version: '1.0.0',
  releaseVersion: 0,
  description: '',
  tags: [],
  ...changes,
});

const catalogOf = (summaries: readonly PackageSummary[]): Catalog =>
  mergeRepositories([
    {
      repository: { name: 'r', uri: '/r' },
      definitions: summaries.map((summary) =>
        restoreDefinition({ summary, urls: [], compressed: Buffer.alloc(0) }),
      ),
    },
  ]);

const PACKAGES = [
  summaryOf('kafka', { selected: true, tags: ['broker'] }),
  summaryOf('confluent-kafka', { selected: true }),
  summaryOf('akafka'),
  summaryOf('beta-kafka'),
  summaryOf('kafka-manager', { description: 'Looks after brokers' }),
  summaryOf('connect', { tags: ['kafka'] }),
  summaryOf('spark', { description: 'Reads from Kafka', tags: ['analytics'], selected: true }),
  summaryOf('zeppelin', { description: 'Notebooks.\nAlso for Spark' }),
];

const namesIn = (index: SearchIndex, query?: string, order?: SearchOrder): string[] =>
  index.search(query, order).map(({ entry }) => entry.packed.summary.name);

describe('search', () => {
  const index = createSearchIndex(catalogOf(PACKAGES));
  const find = (query?: string, order?: SearchOrder): string[] => namesIn(index, query, order);

  it('gives selected packages first, each group by name, as the original does', () => {
    expect(find('kafka')).toEqual([
      'confluent-kafka',
      'kafka',
      'spark',
      'akafka',
      'beta-kafka',
      'connect',
      'kafka-manager',
    ]);
    expect(find()).toEqual([
      'confluent-kafka',
      'kafka',
      'spark',
      'akafka',
      'beta-kafka',
      'connect',
      'kafka-manager',
      'zeppelin',
    ]);
    expect(find('', 'fit')).toEqual(find());
  });

  it('gives what fits best first when asked: name, tag, description; whole, beginning, word, part', () => {
    expect(find('KAFKA', 'fit')).toEqual([
      'kafka',
      'confluent-kafka',
      'spark',
      'kafka-manager',
      'beta-kafka',
      'akafka',
      'connect',
    ]);
    expect(find('broker', 'fit')).toEqual(['kafka', 'kafka-manager']);
  });

  it('takes a star for anything, and the query then for the whole of a field', () => {
    expect(find('kaf*')).toEqual(['kafka', 'connect', 'kafka-manager']);
    expect(find('kaf*', 'fit')).toEqual(['kafka', 'kafka-manager', 'connect']);
    expect(find('*Kafka')).toEqual(['spark']);
    expect(find('Notebooks*')).toEqual([]);
    expect(find('k*k*a')).toEqual(['kafka', 'connect']);
  });

  it('does not find what begins in one field and ends in another', () => {
    expect(find('kafkabroker')).toEqual([]);
    expect(find('nothing')).toEqual([]);
  });

  it('takes no longer for queries that were made to take long', () => {
    const long = createSearchIndex(catalogOf([summaryOf('long', { description: 'a'.repeat(100_000) })]));
    const started = performance.now();
    expect(namesIn(long, `${'*a'.repeat(1_000)}*b`)).toEqual([]);
    expect(namesIn(long, `${'a'.repeat(50_000)}b`)).toEqual([]);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('gives the versions of a package with their revisions, and the highest revision as its own', () => {
    const versions = [
      summaryOf('mine', { version: '1.0', releaseVersion: 1 }),
      summaryOf('mine', { version: '1.1', releaseVersion: 200, description: 'newest' }),
    ];
    const [result] = createSearchIndex(catalogOf(versions)).search('newest');
    expect(result?.versions).toEqual({ '1.1': 200, '1.0': 1 });
    expect(result?.entry.packed.summary.version).toBe('1.1');
  });
});
