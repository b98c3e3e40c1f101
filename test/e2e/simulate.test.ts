import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPlenumHome, type PlenumHome } from '../support/plenum.ts';

/** Simulations from the built executable, from files and from a cluster that runs. */

const LONG = 180_000;
let home: PlenumHome;

beforeAll(async () => {
  home = await createPlenumHome();
});

afterAll(() => home.remove(), LONG);

const SCENARIO = `
until: 10m
agents: [{name: node, count: 4, resources: {cpus: 4, mem: 4096}, attributes: {rack: [r1, r2]}}]
frameworks:
  - {name: shop, tasks: [{name: web, resources: {cpus: 1, mem: 128}, count: 6}]}
`;

interface Report {
  scenario: { seed: number };
  frameworks: { name: string; tasks: number }[];
  agents: { registered: number; unreachable: number };
}

describe('plenum simulate', () => {
  it('runs what comes with it, and what a person wrote', { timeout: LONG }, async () => {
    const scenarios = (await home.json('simulate', '--list')) as { name: string }[];
    expect(scenarios.map(({ name }) => name)).toContain('rack-failure');
    const file = join(home.folder, 'small.yaml');
    const series = join(home.folder, 'series.csv');
    await writeFile(file, SCENARIO);
    const report = (await home.json('simulate', file, '--seed', '7', '--output', series)) as Report;
    expect(report).toMatchObject({ scenario: { seed: 7 }, frameworks: [{ name: 'shop', tasks: 6 }] });
    expect((await readFile(series, 'utf8')).split('\n').length).toBeGreaterThan(10);
    expect(await home.must('simulate', file, '--kill', 'rack=r1')).toContain('kill rack=r1: 2 agents');
  });

  it('says where a scenario is wrong', { timeout: LONG }, async () => {
    const file = join(home.folder, 'wrong.yaml');
    await writeFile(file, SCENARIO.replace('count: 4', 'cout: 4'));
    const { code, stderr } = await home.run(['simulate', file]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/wrong\.yaml:3:\d+/);
    expect(stderr).toContain('count');
  });

  it('prints what there is by then when it is interrupted, and ends with 130', {
    timeout: LONG,
  }, async () => {
    const file = join(home.folder, 'long.yaml');
    await writeFile(file, SCENARIO.replace('10m', '90d').replace('count: 4', 'count: 300'));
    const child = spawn(process.execPath, [join(process.cwd(), 'bin', 'plenum'), 'simulate', file], {
      env: { PATH: process.env.PATH, PLENUM_HOME: home.folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = { stdout: '', stderr: '' };
    child.stdout.on('data', (text) => {
      output.stdout += text;
    });
    child.stderr.on('data', (text) => {
      // It goes on, and somebody has had enough.
      if (output.stderr === '') child.kill('SIGINT');
      output.stderr += text;
    });
    const [code] = await once(child, 'close');
    expect(code).toBe(130);
    expect(output.stderr).toContain('Interrupted');
    expect(output.stdout).toMatch(/of 90d simulated with seed 1, 300 of 300 agents registered/);
    expect(output.stdout).toContain('launch latency');
  });

  it('asks a cluster that runs what becomes of it', { timeout: LONG }, async () => {
    await home.up('--agents', '2');
    const app = join(home.folder, 'app.json');
    await writeFile(
      app,
      JSON.stringify({ id: '/web', cmd: 'sleep 10000', cpus: 0.1, mem: 32, instances: 4 }),
    );
    await home.must('marathon', 'app', 'add', app, '--wait');
    const report = (await home.json(
      'simulate',
      '--from-cluster',
      '--kill',
      'hostname=127.0.0.1',
      '--until',
      '10m',
    )) as Report;
    expect(report.agents).toMatchObject({ registered: 1, unreachable: 1 });
    expect(report.frameworks).toMatchObject([{ tasks: 4 }]);
  });
});
