import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { PLAIN } from '../../src/cli/output/paint.ts';
import type { RawTerminal } from '../../src/cli/output/raw-terminal.ts';
import { runTop } from '../../src/cli/top/run-top.ts';
import { type TopSample, topView } from '../../src/cli/top/top-view.ts';
import type { MesosSlave, MesosTask } from '../../src/clients/mesos-types.ts';
import { waitFor } from '../support/wait-for.ts';
import { type FakeCluster, slave, startFakeCluster, task } from './fake-cluster.ts';

const slaves = [slave('S0', 'one'), slave('S1', 'two')] as MesosSlave[];
const tasks = [task('web.1'), task('web.2', { slave_id: 'S1', state: 'TASK_STAGING' })] as MesosTask[];

const usage = (cpuSeconds: number, memory: number) => ({
  cpus_user_time_secs: cpuSeconds,
  cpus_system_time_secs: 1,
  cpus_limit: 0.5,
  mem_rss_bytes: memory,
});

const sampleAt = (atMs: number, cpuSeconds: number): TopSample => ({
  atMs,
  slaves,
  tasks,
  containers: new Map([
    [
      'S0',
      [
        {
          executor_id: 'web.1',
          framework_id: (tasks[0] as MesosTask).framework_id,
          statistics: usage(cpuSeconds, 1_048_576),
        },
      ],
    ],
  ]),
});

describe('the view of a cluster', () => {
  it('measures processors between two moments, and says nothing after one', () => {
    const one = topView(sampleAt(0, 10), { before: undefined, sort: 'cpu', nowMs: 0 });
    expect(one.rows.map(({ cpus }) => cpus)).toEqual([undefined, undefined]);
    const two = topView(sampleAt(2_000, 11), { before: sampleAt(0, 10), sort: 'cpu', nowMs: 0 });
    expect(two.rows[0]).toMatchObject({
      id: 'web.1',
      host: 'one',
      cpus: 0.5,
      cpusLimit: 0.5,
      memory: 1_048_576,
    });
    expect(two.rows[1]?.cpus).toBeUndefined();
  });

  it('never goes below nothing when a container was begun anew', () => {
    const view = topView(sampleAt(2_000, 1), { before: sampleAt(0, 10), sort: 'mem', nowMs: 0 });
    expect(view.rows[0]?.cpus).toBe(0);
  });

  it('counts tasks and adds up what the agents have given away', () => {
    const {
      agents,
      cpus,
      tasks: counts,
    } = topView(sampleAt(0, 0), { before: undefined, sort: 'name', nowMs: 0 });
    expect(agents).toEqual({ active: 2, all: 2 });
    expect(cpus).toEqual({ used: 1, total: 8 });
    expect(counts).toEqual({ running: 1, starting: 1, other: 0 });
  });
});

describe('the screen', () => {
  const start = (sample: (signal: AbortSignal) => Promise<TopSample>) => {
    const out = new PassThrough();
    let text = '';
    out.on('data', (piece) => {
      text += piece;
    });
    const modes: string[] = [];
    const terminal: RawTerminal = {
      out,
      err: out,
      windowSize: () => ({ rows: 20, columns: 60 }),
      onResize: () => () => modes.push('no resize'),
      makeRaw: () => {
        modes.push('raw');
        return () => modes.push('restored');
      },
    };
    const keys = new PassThrough();
    const controller = new AbortController();
    const ended = runTop({
      clusterName: 'local',
      sample,
      intervalMs: 5,
      sort: 'cpu',
      terminal,
      keys,
      paint: PLAIN,
      signal: controller.signal,
    });
    return {
      ended,
      keys,
      modes,
      controller,
      shown: () => text,
      lastFrame: () => text.split('\u001b[H').at(-1) ?? '',
    };
  };

  it('is drawn again and again, in the order of the keys, until q gives it back', async () => {
    let atMs = 0;
    const top = start(async () => {
      atMs += 1_000;
      return sampleAt(atMs, atMs / 4_000);
    });
    await waitFor('the use of processors', () => top.lastFrame().includes('0.25'));
    top.keys.write('n');
    await waitFor('the order of names', () => top.lastFrame().includes('by name'));
    top.keys.write('q');
    await top.ended;
    expect(top.shown().endsWith('\u001b[?25h\u001b[?1049l')).toBe(true);
    expect(top.modes).toEqual(['raw', 'no resize', 'restored']);
    const lines = top.lastFrame().split('\n');
    expect(lines.every((line) => stripVTControlCharacters(line).length <= 60)).toBe(true);
  });

  it('says when the cluster does not answer, and goes on when it does', async () => {
    let isAway = false;
    const top = start(async () => {
      if (isAway) throw new Error('nobody there');
      return sampleAt(0, 0);
    });
    await waitFor('a frame', () => top.lastFrame().includes('web.1'));
    isAway = true;
    await waitFor('the problem', () => top.lastFrame().includes('nobody there'));
    isAway = false;
    await waitFor('no problem', () => !top.lastFrame().includes('nobody there'));
    top.controller.abort();
    await top.ended;
  });

  it('ends at once, also while the cluster is asked', async () => {
    let asked = 0;
    const top = start((signal) =>
      asked++ === 0
        ? Promise.resolve(sampleAt(0, 0))
        : new Promise<TopSample>((_resolve, reject) =>
            signal.addEventListener('abort', () => reject(signal.reason)),
          ),
    );
    await waitFor('it is asked again', () => asked === 2);
    top.keys.write('q');
    await top.ended;
    expect(top.modes.at(-1)).toBe('restored');
    expect(top.shown()).not.toContain('aborted');
  });

  it('is not taken when the first answer fails', async () => {
    const top = start(() => Promise.reject(new Error('nobody there')));
    await expect(top.ended).rejects.toThrow('nobody there');
    expect(top.shown()).toBe('');
  });
});

describe('top', () => {
  let cluster: FakeCluster;
  afterEach(() => cluster.close());

  it('prints once where there is no terminal', async () => {
    cluster = await startFakeCluster({
      'GET /mesos/slaves': { body: { slaves } },
      'GET /mesos/tasks': { body: { tasks } },
      'GET /agent/S0/containers': { status: 500 },
      'GET /agent/S1/containers': { body: [] },
    });
    const { code, stdout } = await cluster.run(['top', '--interval', '1ms']);
    expect(code).toBe(0);
    expect(stdout).toContain('2 of 2 agents, 1 tasks run, 1 start');
    expect(stdout).toContain('web.2');
    const { stdout: json } = await cluster.run(['top', '--interval', '1ms', '--json']);
    expect(JSON.parse(json)).toMatchObject({ tasks: { running: 1 } });
  });
});
