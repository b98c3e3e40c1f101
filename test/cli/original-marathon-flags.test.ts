import { describe, expect, it } from 'vitest';
import { understandOriginalFlags } from '../../src/cli/original-marathon-flags.ts';

describe("a command line of Apache's Marathon", () => {
  it('goes on without what has no effect, and says so', () => {
    const typed = [
      ...[
        '--master',
        'http://127.0.0.1:5050',
        '--launch_tokens',
        '50',
        '--checkpoint',
        '--mesos_role',
        'prod',
      ],
      ...['--scale_apps_interval=1000', '--disable_ha'],
    ];
    expect(understandOriginalFlags(typed)).toEqual({
      argv: ['--master', 'http://127.0.0.1:5050', '--mesos_role', 'prod'],
      notes: [
        '--launch_tokens has no effect: launches are bounded by what is offered',
        '--checkpoint has no effect: it is always so',
        '--scale_apps_interval has no effect: what it does at intervals happens at once',
        '--disable_ha has no effect: the state is a folder, with one process on it and no election',
      ],
    });
  });

  it('has some flags under other names', () => {
    expect(understandOriginalFlags(['--http_port', '80', '--http_address=::1']).argv).toEqual([
      ...['--port', '80', '--host=::1'],
    ]);
  });

  it.each([
    [['--zk', 'zk://a:2181/marathon'], '--zk: the state is a folder', '--work-dir'],
    [['--http_credentials=a:b'], 'secrets are kept out of command lines', '--credentials FILE'],
    [['--https_port', '8443'], 'PEM', '--tls-cert'],
    [['--plugin_dir', '/x'], 'there are no plugins', undefined],
    [['--metrics_datadog_host', 'x'], 'metrics are asked for', '/metrics'],
    [['--metrics_statsd'], 'metrics are asked for', '/metrics'],
  ])('%j is refused with the reason, and what to do instead', (argv, why, instead) => {
    try {
      understandOriginalFlags(argv);
    } catch (error) {
      expect(error).toMatchObject({
        outcome: 'usage',
        message: expect.stringContaining(why),
        hint: instead === undefined ? undefined : expect.stringContaining(instead),
      });
      return;
    }
    expect.unreachable('it was taken');
  });

  it('leaves everything else as it is, values that look like flags of Marathon too', () => {
    const typed = ['--framework_name', 'zk', '--unheard', '--metrics_prometheus', '-h'];
    expect(understandOriginalFlags(typed)).toEqual({ argv: typed, notes: [] });
  });
});
