import { describe, expect, it } from 'vitest';
import type { ServiceState } from '../../src/packages/history/history-entry.ts';
import { ServiceHistory } from '../../src/packages/history/service-history.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import type { Store } from '../../src/store/store.ts';

const state = (version: string, definition = 'definition'): ServiceState => ({
  packageName: 'db',
  packageVersion: version,
  source: 'file:///u',
  optionsLabel: 'e30=',
  definitionLabel: definition,
});

const versionsOf = (history: ServiceHistory, appId = '/db'): string[] =>
  history.entries(appId).map(({ packageVersion }) => packageVersion);

describe('a history of services', () => {
  it('loses no change of many that are made at once', async () => {
    const history = new ServiceHistory(memoryStore(), systemClock, silentLog);
    const versions = Array.from({ length: 15 }, (_, index) => String(index));
    await Promise.all(versions.map((version) => history.record('/db', 'UPDATED', state(version))));
    expect(versionsOf(history)).toEqual(versions);
    expect(history.entries('/db').map(({ id }) => id)).toEqual(
      versions.map((version) => Number(version) + 1),
    );
  });

  it('keeps a definition once, however often it ran', async () => {
    const store = memoryStore();
    const history = new ServiceHistory(store, systemClock, silentLog);
    const definition = 'x'.repeat(10_000);
    for (let count = 0; count < 20; count++) {
      await history.record('/db', 'UPDATED', state(String(count), definition));
    }
    const [stored] = [...store.range('services/')];
    expect(JSON.stringify(stored).length).toBeLessThan(20_000);
    expect(history.entries('/db').every((entry) => entry.definitionLabel === definition)).toBe(true);
  });

  it('forgets the services that changed longest ago when there are too many', async () => {
    const store = memoryStore();
    let nowMs = 0;
    const history = new ServiceHistory(store, { ...systemClock, now: () => nowMs++ }, silentLog);
    for (let count = 0; count < 1_001; count++) await history.record(`/s${count}`, 'INSTALLED', state('1'));
    await history.record('/s1', 'UPDATED', state('2'));
    expect(versionsOf(history, '/s0')).toEqual([]);
    expect(versionsOf(history, '/s1')).toEqual(['1', '2']);
    expect([...store.range('services/')]).toHaveLength(1_000);
  });

  it('stops a change whose beginning cannot be written down, and survives that its end cannot', async () => {
    const broken: Store = { ...memoryStore(), write: () => Promise.reject(new Error('the disk is full')) };
    const history = new ServiceHistory(broken, systemClock, silentLog);
    await expect(history.noteFound('/db', state('1'))).rejects.toThrow('the disk is full');
    await history.record('/db', 'UPDATED', state('2'));
    expect(versionsOf(history)).toEqual([]);
  });
});
