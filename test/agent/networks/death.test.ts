import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../../support/wait-for.ts';
import { type AgentProgram, buildAgentProgram } from '../agent-process.ts';
import { shellTask, startFakeMaster } from '../fake-master.ts';
import { endTasksOnTestEnd, onTestEnd, temporaryFolder } from '../test-agent.ts';
import {
  addressOf,
  bridgeNetwork,
  canMakeNetworks,
  leftOf,
  NETWORK_ISOLATION,
  networkTitle,
  onNetworks,
  outputOf,
  serverTask,
  uniqueName,
  uniquePort,
  uniqueSubnet,
  withPorts,
} from './network-tasks.ts';
import { cniFolders } from './plugin-programs.ts';

const TIMEOUT_MS = 90_000;

const waitForNothing = async (bridge: string, workDir: string, addresses: string[]): Promise<void> => {
  await waitFor('nothing is left', () => leftOf(bridge, addresses).length === 0, { timeoutMs: 30_000 });
  // The last of all that goes.
  await waitFor('nor any notes', () => readdirSync(join(workDir, 'meta/networks')).length === 0);
};

describe.runIf(canMakeNetworks)(
  networkTitle('the networks of an agent that is killed'),
  { timeout: TIMEOUT_MS },
  () => {
    let program: AgentProgram;

    beforeAll(async () => {
      program = await buildAgentProgram();
    }, TIMEOUT_MS);

    afterAll(() => program?.remove());

    const prepare = async (plugins: Record<string, string>, networks: Record<string, unknown>) => {
      const folders = await cniFolders(plugins, networks);
      const master = await startFakeMaster();
      onTestEnd(() => master.close());
      const workDir = await temporaryFolder();
      const more = { isolation: NETWORK_ISOLATION, isolatorFlags: folders.flags };
      endTasksOnTestEnd(workDir, more);
      const kill = (id: string): void =>
        master.send({ type: 'KILL', kill: { framework_id: { value: 'fw' }, task_id: { value: id } } });
      const start = () => program.start({ master: master.url, workDir, more });
      return { master, workDir, kill, start };
    };

    it('go on with their containers, and go with them after its restart', async () => {
      const bridge = uniqueName();
      const { master, kill, start, workDir } = await prepare({}, { 'n.conf': bridgeNetwork('net', bridge) });
      const agent = await start();
      const labels = { labels: [{ key: 'PLENUM_ALLOWED_PEERS', value: 'late' }] };
      const port = uniquePort();
      const network = { name: 'net', labels, port_mappings: [{ host_port: port, container_port: 80 }] };
      master.launch(
        withPorts(serverTask('web', 80, onNetworks(network)), port),
        shellTask('short', 'until [ -e go ]; do sleep 0.1; done', onNetworks({ name: 'net' })),
      );
      const web = await addressOf(master, 'web');
      const short = await addressOf(master, 'short');
      await agent.kill();
      writeFileSync(join(workDir, 'slaves/agent-0/frameworks/fw/executors/short/runs/latest/go'), '');
      await waitFor('web serves without an agent', async () => (await fetch(`http://127.0.0.1:${port}/`)).ok);
      const next = await start();
      await master.until('short', 'TASK_FINISHED');
      await waitFor('the address of what ended meanwhile is free', () => !leftOf(bridge).includes(short));
      const [listed] = await (await fetch(`${next.url}/containers`)).json();
      expect(listed.status.network_infos[0].ip_addresses[0].ip_address).toBe(web);
      // Its list of peers is still looked after.
      const ask = `${process.execPath} -e 'setInterval(()=>require("http").get("http://${web}/",r=>console.log("got "+r.statusCode)).on("error",()=>0),200)'`;
      master.launch(shellTask('late', `exec ${ask}`, onNetworks({ name: 'net' })));
      await waitFor('a peer that came later gets in', () => outputOf(workDir, 'late').includes('got 200'), {
        timeoutMs: 30_000,
      });
      kill('web');
      kill('late');
      await master.until('web', 'TASK_KILLED');
      await master.until('late', 'TASK_KILLED');
      await waitForNothing(bridge, workDir, [web, short]);
    });

    it('are removed by the next agent of the machine when their own will never come back', async () => {
      const bridge = uniqueName();
      const config = bridgeNetwork('net', bridge);
      const first = await prepare({}, { 'n.conf': config });
      const agent = await first.start();
      first.master.launch(shellTask('lost', 'sleep 1000', onNetworks({ name: 'net' })));
      const lost = await addressOf(first.master, 'lost');
      const pid = first.master.updates('lost').at(-1)?.container_status?.executor_pid ?? 0;
      const namespace = execFileSync('ip', ['netns', 'identify', String(pid)], { encoding: 'utf8' }).trim();
      expect(namespace).toMatch(/^plenum-/);
      await agent.kill();
      process.kill(pid, 'SIGKILL');
      await rm(first.workDir, { recursive: true, force: true, maxRetries: 5 });
      const second = await prepare({}, { 'n.conf': config });
      await second.start();
      second.master.launch(shellTask('next', 'sleep 1000', onNetworks({ name: 'net' })));
      const next = await addressOf(second.master, 'next');
      expect(leftOf(bridge)).toContain(next);
      expect(leftOf(bridge)).not.toContain(lost);
      expect(existsSync(join('/run/netns', namespace))).toBe(false);
      second.kill('next');
      await second.master.until('next', 'TASK_KILLED');
      await waitForNothing(bridge, second.workDir, [lost, next]);
    });

    it('are undone and made anew when it died while they were made', async () => {
      const bridge = uniqueName();
      const folder = await temporaryFolder();
      const [wait, at] = [join(folder, 'wait'), join(folder, 'at')];
      writeFileSync(wait, '');
      const slow = `[ "$CNI_COMMAND" = ADD ] || exit 0
touch ${at}
while [ -e ${wait} ]; do sleep 0.1; done`;
      const { master, kill, start, workDir } = await prepare(
        { slow },
        {
          'n.conflist': {
            name: 'net',
            plugins: [{ type: 'plenum-bridge', bridge, subnet: uniqueSubnet() }, { type: 'slow' }],
          },
        },
      );
      const agent = await start();
      master.launch(serverTask('web', 80, onNetworks({ name: 'net' })));
      await waitFor('the second plugin works', () => existsSync(at));
      await agent.kill();
      rmSync(wait);
      await start();
      const web = await addressOf(master, 'web');
      await waitFor('it serves', async () => (await fetch(`http://${web}/`)).ok);
      expect(leftOf(bridge).filter((line) => /^\d+\.\d+\.\d+\.\d+$/.test(line))).toEqual([web]);
      kill('web');
      await master.until('web', 'TASK_KILLED');
      await waitForNothing(bridge, workDir, [web]);
    });
  },
);
