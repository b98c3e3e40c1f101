import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/runtime/random.ts';
import { readSpec } from '../../src/sdk/service/read-spec.ts';
import { ServiceCore } from '../../src/sdk/service/service-core.ts';
import { loadState } from '../../src/sdk/service/state.ts';
import { memoryStore } from '../../src/store/memory-store.ts';

const spec = readSpec({
  name: 'it.yml',
  text: 'name: it\npods: { web: { count: 1, tasks: { server: { goal: RUNNING, cmd: serve, cpus: 0.5, memory: 32 } } } }',
  variables: {},
  defaultUser: 'me',
});

describe('a call for offers that is refused', () => {
  it('is repeated after a while, not at once, because a line that is being closed refuses all of them at once', () => {
    const core = new ServiceCore({ spec, state: loadState(memoryStore()), random: seededRandom(1) });
    core.handle({ type: 'subscribed', frameworkId: 'f' }, 0);
    // Past the time in which a master may not know yet what runs.
    const asked = core.handle({ type: 'timer', timer: 'reconcile' }, 100_000).effects;
    const revive = asked.find((effect) => effect.type === 'call' && effect.call.type === 'REVIVE');
    if (revive?.type !== 'call') throw new Error('it has not asked for offers');

    const { effects } = core.handle({ type: 'call-failed', call: revive.call }, 100_001);
    expect(effects.map(({ type }) => type)).toEqual(['set-timer']);
    expect(core.handle({ type: 'timer', timer: 'reconcile' }, 100_002).effects).not.toContainEqual(revive);
    expect(core.handle({ type: 'timer', timer: 'interest' }, 101_001).effects).toContainEqual(revive);
  });
});
