import { describe, expect, it } from 'vitest';
import { readOptions } from '../../src/daemons/daemon-options.ts';
import { EXECUTOR_OPTIONS, executorOptions } from '../../src/daemons/executor-options.ts';

const read = (...args: string[]) => executorOptions(readOptions(EXECUTOR_OPTIONS, args));

describe('what an agent is told about executors', () => {
  it('is read under the names of Mesos', () => {
    expect(read()).toEqual({});
    expect(
      read(
        ...['--executor_registration_timeout', '2mins', '--executor_reregistration_timeout', '3secs'],
        ...['--executor_shutdown_grace_period', '10secs', '--gc_delay', '1days', '--gc_disk_headroom', '0.3'],
        ...['--oversubscribed_resources_interval', '1mins', '--qos_correction_interval_min', '500ms'],
        ...['--executor_environment_variables', '{"PATH":"/bin"}'],
      ),
    ).toEqual({
      executorRegistrationTimeoutMs: 120_000,
      executorReregistrationTimeoutMs: 3_000,
      executorShutdownGraceMs: 10_000,
      gcDelayMs: 86_400_000,
      gcDiskHeadroom: 0.3,
      oversubscribedIntervalMs: 60_000,
      qosIntervalMs: 500,
      executorEnvironment: { PATH: '/bin' },
    });
  });

  it.each([
    ['gc_delay', 'soon', '--gc_delay takes a duration such as 15secs, not soon'],
    ['gc_delay', '-1secs', '--gc_delay takes a duration'],
    ['gc_disk_headroom', '2', '--gc_disk_headroom takes a share of the disk from 0 to 1, not 2'],
    ['gc_disk_headroom', '', '--gc_disk_headroom takes a share'],
    ['executor_environment_variables', '{', '--executor_environment_variables takes JSON such as'],
    ['executor_environment_variables', '["PATH"]', '--executor_environment_variables takes JSON such as'],
    ['executor_environment_variables', '{"PATH":1}', '--executor_environment_variables takes JSON such as'],
  ])('is refused when it cannot be used: --%s=%s', (name, text, message) => {
    expect(() => read(`--${name}=${text}`)).toThrow(message);
  });
});
