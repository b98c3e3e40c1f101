import { afterEach, describe, expect, it } from 'vitest';
import { MOST_ENDED } from '../../../src/marathon/core/ended-deployments.ts';
import { type Answer, type ServedMarathon, serveMarathon } from './served-marathon.ts';

let marathon: ServedMarathon;

const app = { id: '/web', cmd: 'sleep 600', cpus: 0.1, mem: 16 };
const call: ServedMarathon['call'] = (...request) => marathon.call(...request);

const serve = async (config = {}): Promise<void> => {
  marathon = await serveMarathon({}, { config });
  await call('POST', '/v2/apps', app);
  await marathon.harness.deployed();
};

afterEach(() => marathon.close());

const change = async (query = '', fields: object = { cpus: 1000 }): Promise<string> => {
  const { body } = await call('PUT', `/v2/apps/web${query}`, fields);
  return String(body.deploymentId);
};

const ask = (id: string): Promise<Answer> => call('GET', `/v2/deployments/${id}`);

describe('GET /v2/deployments/{id} of a deployment that is over', () => {
  it('tells that it succeeded', async () => {
    await serve();
    const id = await change('', { mem: 32 });
    await marathon.harness.deployed();
    expect((await ask(id)).body).toEqual({
      id,
      version: expect.any(String),
      affectedApps: ['/web'],
      affectedPods: [],
      outcome: 'succeeded',
      endedAt: expect.stringMatching(/Z$/),
    });
  });

  it('tells why it failed, and by which one it is undone', async () => {
    await serve();
    const id = await change('?deadlineSeconds=60&onDeadline=rollback');
    await marathon.harness.pass(65_000);
    const { body } = await ask(id);
    expect(body).toMatchObject({ outcome: 'failed', reason: expect.stringMatching(/^No progress for 60 s/) });
    await marathon.harness.deployed();
    expect((await ask(String(body.rollbackId))).body).toMatchObject({ outcome: 'succeeded' });
  });

  it('tells that it was rolled back, cancelled, or replaced by another', async () => {
    await serve();
    const first = await change();
    const { body: rollback } = await call('DELETE', `/v2/deployments/${first}`);
    expect((await ask(first)).body).toMatchObject({
      outcome: 'rolled-back',
      rollbackId: rollback.deploymentId,
    });
    await marathon.harness.deployed();
    const second = await change();
    const third = await change('?force=true', { cpus: 2000 });
    expect((await ask(second)).body).toMatchObject({ outcome: 'superseded', replacedBy: third });
    await call('DELETE', `/v2/deployments/${third}?force=true`);
    expect((await ask(third)).body).toMatchObject({ outcome: 'cancelled' });
    const { body } = await call('GET', '/v2/deployments?ended=true');
    expect((body as unknown as { outcome: string }[]).map(({ outcome }) => outcome)).toEqual([
      'cancelled',
      'superseded',
      'succeeded',
      'rolled-back',
      'succeeded',
    ]);
  });

  it('ends one whose undoing changes nothing, too', async () => {
    await serve();
    const { harness } = marathon;
    const blocked = await change('', { cpus: 1000, instances: 2 });
    await call('DELETE', `/v2/deployments/${blocked}?force=true`);
    const toKill = new Map([['/web', ['gone']]]);
    const { id } = await harness.answer(
      harness.engine.updateRoot({ force: false, toKill, change: (root) => root }),
    );
    expect(harness.engine.deployments().map((one) => one.id)).toEqual([id]);
    await call('DELETE', `/v2/deployments/${id}`);
    expect((await ask(id)).body).toMatchObject({ outcome: 'rolled-back' });
    expect(harness.engine.deployments()).toEqual([]);
  });

  it('is still known after the death of Marathon, and the oldest are forgotten', async () => {
    await serve();
    const first = await change('', { mem: 32 });
    await marathon.harness.deployed();
    for (let index = 1; index < MOST_ENDED; index++) await change('', { mem: 32 });
    expect((await ask(first)).body).toMatchObject({ outcome: 'succeeded' });
    marathon.harness.crash();
    await marathon.harness.start();
    expect(marathon.harness.engine.endedDeployment(first)).toMatchObject({ outcome: 'succeeded' });
    expect(marathon.harness.engine.endedDeployments()).toHaveLength(MOST_ENDED);
    await marathon.harness.answer(
      marathon.harness.engine.updateRoot({ force: false, change: (root) => root }),
    );
    expect(marathon.harness.engine.endedDeployment(first)).toBeUndefined();
    expect(marathon.harness.engine.endedDeployments()).toHaveLength(MOST_ENDED);
  });
});

describe('a deadline by default', () => {
  it('ends what says nothing, and what undoes it', async () => {
    await serve({ deploymentDeadlineMs: 30_000, rollsBackAtDeadline: true });
    const upgradeStrategy = { minimumHealthCapacity: 0, maximumOverCapacity: 0 };
    const id = await change('', { cpus: 1000, upgradeStrategy });
    marathon.harness.master.behaviour = () => 'error';
    await marathon.harness.pass(35_000);
    const { body } = await ask(id);
    expect(body).toMatchObject({ outcome: 'failed', rollbackId: expect.any(String) });
    await marathon.harness.pass(35_000);
    expect((await ask(String(body.rollbackId))).body).toMatchObject({ outcome: 'failed' });
    expect((await ask(String(body.rollbackId))).body).not.toHaveProperty('rollbackId');
  });

  it('may be changed in part, and be refused by deadlineSeconds=0', async () => {
    await serve({ deploymentDeadlineMs: 30_000 });
    const first = await change('?onDeadline=rollback');
    await marathon.harness.pass(35_000);
    expect((await ask(first)).body).toMatchObject({ outcome: 'failed', rollbackId: expect.any(String) });
    await marathon.harness.deployed();
    const second = await change('?deadlineSeconds=0');
    await marathon.harness.pass(600_000);
    expect((await ask(second)).body.why).toEqual(expect.any(Array));
  });
});
