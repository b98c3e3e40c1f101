import { describe, expect, it } from 'vitest';
import { agentRealms, masterRealms } from '../../src/security/realms.ts';

describe('the realm of a path', () => {
  it.each(['/logging/toggle', '/logging/toggle/', '/profiler/start', '/memory-profiler/download/raw'])(
    'is one of those who may change something for %s',
    (path) => {
      expect(masterRealms(path)).toEqual({ access: 'readwrite', realm: 'mesos-master-readwrite' });
      expect(agentRealms(path)).toEqual({ access: 'readwrite', realm: 'mesos-agent-readwrite' });
    },
  );

  it.each(['/help', '/help/master/state', '/__processes__', '/files/read', '/state'])(
    'is one of those who may read for %s',
    (path) => {
      expect(masterRealms(path)).toEqual({ access: 'readonly', realm: 'mesos-master-readonly' });
      expect(agentRealms(path)).toEqual({ access: 'readonly', realm: 'mesos-agent-readonly' });
    },
  );

  it.each([
    '/api/v1',
    '/api/v1//',
    '/api/v1/operator',
    '/master/api/v1/x',
    '/teardown',
    '/teardown//',
    '/master/teardown/x',
    '/quota/a/b',
    '/weights/x',
    '/machine/down/x',
  ])('of a master is the same below what changes something: %s', (path) => {
    expect(masterRealms(path).access).toBe('readwrite');
  });

  it.each(['/api/v1', '/api/v1//', '/api/v1/x', '/api/v1/executors', '/slave(1)/api/v1/x/y'])(
    'of an agent is the same below what changes something: %s',
    (path) => {
      expect(agentRealms(path).access).toBe('readwrite');
    },
  );

  it('of schedulers, agents and executors is theirs alone', () => {
    for (const end of ['', '/', '//', '/x']) {
      expect(masterRealms(`/master/api/v1/scheduler${end}`).access).toBe('frameworks');
      expect(masterRealms(`/api/v1/agent-link${end}`).access).toBe('agents');
      expect(agentRealms(`/slave(1)/api/v1/executor${end}`).access).toBe('executors');
    }
    expect(masterRealms('/health//').access).toBe('open');
  });
});
