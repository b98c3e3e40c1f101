import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Recovery, refuseWhileRecovering } from '../../src/agent/api/recovery.ts';
import { startAgent } from '../../src/agent/server.ts';
import { request } from '../../src/http/client.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { systemRandom } from '../../src/runtime/random.ts';
import { waitFor } from '../support/wait-for.ts';
import { onTestEnd, RESOURCES, temporaryFolder } from './test-agent.ts';

const start = (workDir: string, more: object = {}) =>
  startAgent({
    masterUrls: [],
    workDir,
    resources: RESOURCES,
    version: '1.11.0',
    log: silentLog,
    clock: systemClock,
    random: systemRandom,
    ...more,
  });

const statusOf = async (url: string): Promise<string> => {
  try {
    const { status, body } = await request({ url });
    return `${status} ${status === 503 ? body.toString() : ''}`.trim();
  } catch {
    return 'nobody there';
  }
};

describe('an agent that recovers', () => {
  it('asks clients that know its port for patience, and serves them when it is done', async () => {
    const folder = await temporaryFolder();
    const go = join(folder, 'go');
    const estimator = join(folder, 'estimator.mjs');
    writeFileSync(
      estimator,
      `import { existsSync } from 'node:fs';
       import { setTimeout as pause } from 'node:timers/promises';
       const wait = async () => { while (!existsSync(${JSON.stringify(go)})) await pause(20); return []; };
       export default () => ({ oversubscribable: wait });`,
    );
    const before = await start(folder);
    const { url, port } = before;
    await before.close();
    const starting = start(folder, { port, resourceEstimator: estimator });
    onTestEnd(async () => {
      writeFileSync(go, '');
      await (await starting).close();
    });
    const patience = '503 Agent has not finished recovery';
    await waitFor('it listens', async () => (await statusOf(`${url}/state`)) === patience);
    for (const path of ['/health', '/slave(1)/api/v1/executor', '/metrics/snapshot']) {
      expect([path, await statusOf(url + path)]).toEqual([path, patience]);
    }
    expect(existsSync(go)).toBe(false);
    writeFileSync(go, '');
    await starting;
    for (const path of ['/state', '/health', '/metrics/snapshot']) {
      expect([path, await statusOf(url + path)]).toEqual([path, '200']);
    }
  });

  it.each<[Recovery, string, boolean]>([
    ['reading', '/health', true],
    ['reading', '/api/v1/executor', true],
    ['reconnecting', '/state', true],
    ['reconnecting', '/slave(1)/state.json?jsonp=x', true],
    ['reconnecting', '/api/v1', true],
    ['reconnecting', '/api/v1/other', true],
    ['reconnecting', '/slave(1)/api/v1/executor', false],
    ['reconnecting', '/api/v1/executor', false],
    ['reconnecting', '/health', false],
    ['reconnecting', '/metrics/snapshot', false],
    ['reconnecting', '/states', false],
    ['done', '/state', false],
  ])('while %s: is %s too early? %s', (recovery, url, isTooEarly) => {
    const ask = (): void => refuseWhileRecovering(() => recovery)({ url } as never, {} as never);
    if (isTooEarly) expect(ask).toThrow('Agent has not finished recovery');
    else expect(ask).not.toThrow();
  });
});
