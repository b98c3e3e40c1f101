import { expect, it } from 'vitest';
import { request } from '../../src/http/client.ts';
import { MESOS_VERSION } from '../../src/mesos/mesos-version.ts';
import { startTestAgent, startTestMaster } from './support/cluster.ts';

const read = async (url: string): Promise<Record<string, unknown>> =>
  JSON.parse((await request({ url })).body.toString());

const call = async (url: string, type: string): Promise<unknown> => {
  const headers = { 'Content-Type': 'application/json' };
  const { body } = await request({
    method: 'POST',
    url: `${url}/api/v1`,
    headers,
    body: `{"type":"${type}"}`,
  });
  return JSON.parse(body.toString());
};

it('says which Mesos a master and an agent are compatible with, and in one place which Plenum they are', async () => {
  // Schedulers in Python take it apart at the dots and want numbers.
  expect(MESOS_VERSION).toMatch(/^1\.\d+\.\d+$/);
  const versions = { version: MESOS_VERSION, plenumVersion: '0.9.0' };
  const master = await startTestMaster(versions);
  const { agent } = await startTestAgent(master.url, versions);
  for (const { url } of [master, agent]) {
    expect(await read(`${url}/version`)).toEqual({ version: MESOS_VERSION, plenum_version: '0.9.0' });
    expect(await call(url, 'GET_VERSION')).toEqual({
      type: 'GET_VERSION',
      get_version: { version_info: { version: MESOS_VERSION } },
    });
    const state = await read(`${url}/state`);
    expect([state.version, state.plenum_version]).toEqual([MESOS_VERSION, undefined]);
  }
  expect(await call(master.url, 'GET_MASTER')).toMatchObject({
    get_master: { master_info: { version: MESOS_VERSION } },
  });
  expect(await call(master.url, 'GET_AGENTS')).toMatchObject({
    get_agents: { agents: [{ version: MESOS_VERSION }] },
  });
});
