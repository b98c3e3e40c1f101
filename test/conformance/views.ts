import { request } from '../../src/http/client.ts';
import { waitFor } from '../support/wait-for.ts';
import type { JsonObject } from './captures.ts';

/** Waiting for what a master shows of its agents and frameworks. */

const read = async <Answer>(url: string): Promise<Answer> => {
  const { body } = await request({ url });
  return JSON.parse(body.toString('utf8')) as Answer;
};

const framework = async (masterUrl: string, id: string): Promise<JsonObject | undefined> => {
  const { frameworks } = await read<{ frameworks: JsonObject[] }>(
    `${masterUrl}/frameworks?framework_id=${id}`,
  );
  return frameworks[0];
};

/** Resolves once the framework is history. */
export const untilRemoved = async (masterUrl: string, id: string): Promise<void> => {
  await waitFor(`the end of ${id}`, async () => (await framework(masterUrl, id)) === undefined);
};

/** Resolves once the framework's scheduler is known as away. */
export const untilDisconnected = async (masterUrl: string, id: string): Promise<void> => {
  await waitFor(`${id} to be away`, async () => !(await framework(masterUrl, id))?.connected);
};

/** Resolves once the agents are as they should be. */
export const untilAgents = async (
  masterUrl: string,
  isReady: (agents: readonly JsonObject[]) => boolean,
): Promise<void> => {
  await waitFor('the agents', async () =>
    isReady((await read<{ slaves: JsonObject[] }>(`${masterUrl}/slaves`)).slaves),
  );
};
