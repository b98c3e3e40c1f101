import { describe, expect, it } from 'vitest';
import { readOptions } from '../../src/daemons/daemon-options.ts';
import { MARATHON_OPTIONS, marathonCredentialOf, marathonFlagsOf } from '../../src/daemons/marathon-flags.ts';

const options = (...args: string[]) => readOptions(MARATHON_OPTIONS, args);

describe("Marathon's own flags", () => {
  it('are read under the names that they always had', () => {
    const flags = marathonFlagsOf(
      options(
        ...['--mesos_role', 'prod', '--failover_timeout', '60', '--decline_offer_duration', '5000'],
        ...['--enable_features', 'secrets,gpu_resources', '--local_port_min', '15000'],
      ),
    );
    expect(flags.settings).toEqual({
      mesosRole: 'prod',
      failoverTimeoutSeconds: 60,
      declineOfferSeconds: 5,
    });
    expect([...(flags.definitions.features ?? [])]).toEqual([
      'vips',
      'task_killing',
      'secrets',
      'gpu_resources',
    ]);
    expect(flags.definitions.servicePorts).toEqual({ min: 15_000, max: 20_000 });
  });

  it.each([
    [['--enable_features', 'magic'], 'takes one of'],
    [['--failover_timeout', 'soon'], 'takes a whole number'],
    [['--gpu_scheduling_behavior', 'maybe'], 'takes one of restricted, unrestricted'],
    [['--local_port_min', '30000'], 'must be less than'],
  ])('refuse %j', (args, message) => {
    expect(() => marathonFlagsOf(options(...args))).toThrow(message);
  });

  it('log in with a principal and its secret, and know a principal that needs none', () => {
    const principal = ['--mesos_authentication_principal', 'me'];
    expect(marathonFlagsOf(options(...principal)).settings.principal).toBe('me');
    expect(marathonCredentialOf(options(...principal))).toBeUndefined();
    expect(marathonCredentialOf(options(...principal, '--mesos_authentication_secret', 'hush'))).toEqual({
      principal: 'me',
      secret: 'hush',
    });
    expect(() => marathonCredentialOf(options(...principal, '--mesos_authentication', 'true'))).toThrow(
      'needs a secret',
    );
    expect(() => marathonCredentialOf(options('--mesos_authentication', 'true'))).toThrow(
      '--mesos_authentication_principal',
    );
  });
});
