import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { request } from '../../src/http/client.ts';
import { MASTER_FLAGS, readMasterFlags } from '../../src/master/flags/master-flags.ts';
import { onTestEnd, startTestAgent, startTestMaster } from './support/cluster.ts';
import { subscribe } from './support/scheduler.ts';

const shown = async (url: string): Promise<Record<string, string>> =>
  JSON.parse((await request({ url: `${url}/flags` })).body.toString()).flags;

describe("a master's flags", () => {
  it('are read in the spelling of Mesos and shown in it', async () => {
    const given = {
      agent_ping_timeout: '20secs',
      agent_removal_rate_limit: '1/10mins',
      allocation_interval: '500ms',
      domain: '{"fault_domain":{"region":{"name":"r"},"zone":{"name":"z"}}}',
      fair_sharing_excluded_resource_names: 'gpus,bandwidth',
      filter_gpu_resources: 'false',
      framework_sorter: 'random',
      max_completed_frameworks: '7',
      min_allocatable_resources: 'cpus:0.5;mem:64|disk:10',
      offer_timeout: '1mins',
      preemption: 'true',
      recovery_agent_removal_limit: '50%',
      registry_max_agent_age: '3days',
      roles: 'eng,ops',
      weights: 'eng=2.5,ops=1',
    };
    const { url } = await startTestMaster({ flags: readMasterFlags(given) });
    expect(await shown(url)).toMatchObject(given);
  });

  it.each<[string, string, string]>([
    [
      'allocation_interval',
      'soon',
      '--allocation_interval takes a duration such as 15secs or 10mins, not soon',
    ],
    ['allocation_interval', '0secs', '--allocation_interval takes a duration of at least 1ms, not 0secs'],
    [
      'agent_removal_rate_limit',
      '0/1mins',
      '--agent_removal_rate_limit takes a number of agents per duration',
    ],
    ['agent_reregister_timeout', '1mins', '--agent_reregister_timeout takes at least 10mins, not 1mins'],
    ['domain', '{}', '--domain takes JSON such as {"fault_domain"'],
    ['filter_gpu_resources', 'maybe', '--filter_gpu_resources takes true or false, not maybe'],
    ['max_agent_ping_timeouts', '0', '--max_agent_ping_timeouts takes a whole number of at least 1, not 0'],
    [
      'min_allocatable_resources',
      'cpus',
      '--min_allocatable_resources takes amounts such as cpus:0.01|mem:32',
    ],
    ['recovery_agent_removal_limit', '200%', '--recovery_agent_removal_limit takes a percentage up to 100%'],
    ['require_agent_domain', 'true', '--require_agent_domain needs --domain'],
    ['role_sorter', 'fifo', '--role_sorter takes drf or random, not fifo'],
    ['roles', 'a b', '--roles names a role that cannot be'],
    ['weights', 'eng=0', '--weights takes weights above 0'],
  ])('say what is wrong with --%s %s', (name, value, message) => {
    expect(MASTER_FLAGS).toContain(name);
    expect(() => readMasterFlags({ [name]: value })).toThrow(message);
  });

  it('of a whitelist keep agents out that are not in the file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'plenum-whitelist-'));
    onTestEnd(() => rm(folder, { recursive: true }));
    const whitelistFile = join(folder, 'hosts');
    await writeFile(whitelistFile, 'agent-b\n');
    const { url } = await startTestMaster({ flags: { whitelistFile } });
    await startTestAgent(url, { hostname: 'agent-a' });
    await startTestAgent(url, { hostname: 'agent-b' });
    const scheduler = await subscribe(url);
    const { hostname } = await scheduler.untilOffer();
    expect(hostname).toBe('agent-b');
    const offers = scheduler.events.flatMap((event) => (event.type === 'OFFERS' ? event.offers.offers : []));
    expect(offers).toHaveLength(1);
  });

  it('say where the master is, and so may agents then', async () => {
    const domain = '{"fault_domain":{"region":{"name":"r"},"zone":{"name":"z"}}}';
    const { url } = await startTestMaster({
      flags: readMasterFlags({ domain, require_agent_domain: 'true' }),
    });
    await startTestAgent(url, { domain });
    const { slaves } = JSON.parse((await request({ url: `${url}/slaves` })).body.toString());
    expect(slaves).toMatchObject([{ domain: JSON.parse(domain) }]);
    const { body } = await request({ url: `${url}/state` });
    expect(JSON.parse(body.toString())).toMatchObject({ domain: JSON.parse(domain) });
  });

  it('switch the metrics of single frameworks off', async () => {
    const { url } = await startTestMaster({ flags: { areFrameworkMetricsPublished: false } });
    await subscribe(url);
    const { body } = await request({ url: `${url}/metrics/snapshot` });
    expect(Object.keys(JSON.parse(body.toString())).filter((name) => name.includes('frameworks/'))).toEqual(
      [],
    );
  });
});
