import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isolationValues } from '../../src/cli/isolation-flags.ts';

describe('flags about isolation that a cluster has its agents told', () => {
  it('have their paths made whole, since agents run elsewhere', () => {
    const values = isolationValues({
      isolation: 'cgroups/cpu,./quiet.mjs,disk/du',
      network_cni_config_dir: 'nets',
      network_cni_plugins_dir: 'one:/opt/cni/bin',
      network_bridge_subnet: '10.1.0.0/16',
      cgroups_enable_cfs: true,
    });
    expect(values).toMatchObject({
      isolation: `cgroups/cpu,${resolve('quiet.mjs')},disk/du`,
      network_cni_config_dir: resolve('nets'),
      network_cni_plugins_dir: `${resolve('one')}:/opt/cni/bin`,
      network_bridge_subnet: '10.1.0.0/16',
      cgroups_enable_cfs: true,
    });
  });

  it('are those of isolation alone', () => {
    const given = { name: 'local', isolation: 'disk/du' };
    expect(isolationValues(given)).not.toHaveProperty('name');
  });
});
