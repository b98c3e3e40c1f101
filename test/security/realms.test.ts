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
});
