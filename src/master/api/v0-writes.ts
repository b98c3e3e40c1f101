import type { IncomingMessage } from 'node:http';
import { readBody } from '../../http/body.ts';
import { HttpError } from '../../http/http-error.ts';
import { send } from '../../http/respond.ts';
import type { Exchange, Router } from '../../http/router.ts';
import { DecodeError, decodeJson } from '../../mesos/codec/decode-json.ts';
import { parseJson } from '../../mesos/codec/parse-json.ts';
import type { Schedule } from '../../mesos/generated/maintenance.ts';
import type { MachineID, OfferOperation, Resource, WeightInfo } from '../../mesos/generated/mesos.ts';
import type { QuotaRequest } from '../../mesos/generated/quota.ts';
import { inNameOf } from './authorize.ts';
import {
  applyOperation,
  carryOut,
  removeQuota,
  setQuota,
  updateWeights,
  type WriteOptions,
} from './operator-writes.ts';

/** The v0 writes (mesos.md 3.9): forms, and JSON for quota, weights and maintenance. */
export const addWrites = (router: Router, options: WriteOptions): void => {
  for (const prefix of ['', '/master']) {
    router.on('POST', `${prefix}/teardown`, async ({ request, response }) => {
      const form = await readForm(request);
      await carryOut(inNameOf(options, request).ask, {
        type: 'teardown',
        frameworkId: fieldOf(form, 'frameworkId'),
      });
      send(response, 200);
    });
    for (const [path, toOperation] of Object.entries(OPERATIONS)) {
      router.on('POST', `${prefix}/${path}`, (exchange) => applyForm(exchange, options, toOperation));
    }
    router.on('PUT', `${prefix}/weights`, async ({ request, response }) => {
      await updateWeights(inNameOf(options, request), await readWeights(request));
      send(response, 200);
    });
    router.on('POST', `${prefix}/quota`, async ({ request, response }) => {
      const parsed = await parseBody(request, 'Failed to parse set quota request JSON');
      const wanted = decode<QuotaRequest>('mesos.v1.quota.QuotaRequest', parsed, QUOTA_REFUSAL);
      await setQuota(inNameOf(options, request), wanted);
      send(response, 200);
    });
    router.on('DELETE', `${prefix}/quota/*role`, async ({ request, response, params }) => {
      await removeQuota(inNameOf(options, request), params.role ?? '');
      send(response, 200);
    });
    router.on('POST', `${prefix}/maintenance/schedule`, async ({ request, response }) => {
      const parsed = await parseBody(request, 'Failed to parse JSON');
      const schedule = decode<Schedule>('mesos.v1.maintenance.Schedule', parsed, 'Failed to convert JSON');
      await carryOut(inNameOf(options, request).ask, { type: 'update-schedule', schedule });
      send(response, 200);
    });
    for (const [path, type] of MACHINE_PATHS) {
      router.on('POST', `${prefix}/${path}`, async ({ request, response }) => {
        const parsed = await parseBody(request, 'Failed to parse JSON');
        const machines = decodeList<MachineID>('mesos.v1.MachineID', parsed, 'Failed to convert JSON');
        await carryOut(inNameOf(options, request).ask, { type, machines });
        send(response, 200);
      });
    }
  }
};

const MACHINE_PATHS = [
  ['machine/down', 'start-maintenance'],
  ['machine/up', 'stop-maintenance'],
] as const;

const QUOTA_REFUSAL = 'Failed to validate set quota request';

type ToOperation = (form: URLSearchParams) => OfferOperation;

const OPERATIONS: Readonly<Record<string, ToOperation>> = {
  reserve: (form) => {
    const source = form.has('source') ? { source: resourcesOf(form, 'source') } : {};
    return { type: 'RESERVE', reserve: { resources: resourcesOf(form, 'resources'), ...source } };
  },
  unreserve: (form) => ({ type: 'UNRESERVE', unreserve: { resources: resourcesOf(form, 'resources') } }),
  'create-volumes': (form) => ({ type: 'CREATE', create: { volumes: resourcesOf(form, 'volumes') } }),
  'destroy-volumes': (form) => ({ type: 'DESTROY', destroy: { volumes: resourcesOf(form, 'volumes') } }),
};

const applyForm = async (
  { request, response }: Exchange,
  options: WriteOptions,
  toOperation: ToOperation,
): Promise<void> => {
  const form = await readForm(request);
  const agentId = fieldOf(form, 'slaveId');
  await applyOperation(inNameOf(options, request), agentId, toOperation(form));
  send(response, 202);
};

const readForm = async (request: IncomingMessage): Promise<URLSearchParams> =>
  new URLSearchParams((await readBody(request)).toString('utf8'));

const fieldOf = (form: URLSearchParams, name: string): string => {
  const value = form.get(name);
  if (value === null) throw new HttpError(400, `Missing '${name}' query parameter in the request body`);
  return value;
};

const resourcesOf = (form: URLSearchParams, name: string): Resource[] => {
  const refusal = `Error in parsing '${name}' query parameter in the request body`;
  return decodeList<Resource>('mesos.v1.Resource', parse(fieldOf(form, name), refusal), refusal);
};

const readWeights = async (request: IncomingMessage): Promise<WeightInfo[]> => {
  const parsed = await parseBody(request, 'Failed to parse update weights request JSON');
  return decodeList('mesos.v1.WeightInfo', parsed, 'Failed to convert weights JSON array to protobuf');
};

const parseBody = async (request: IncomingMessage, refusal: string): Promise<unknown> => {
  const text = (await readBody(request)).toString('utf8');
  return parse(text, `${refusal} '${text.slice(0, LONGEST_QUOTE)}'`);
};

/** Of a body that cannot be read an error shows this many characters. */
const LONGEST_QUOTE = 200;

const parse = (text: string, refusal: string): unknown => orRefuse(() => parseJson(text), refusal);

const decodeList = <Message>(name: string, parsed: unknown, refusal: string): Message[] => {
  if (!Array.isArray(parsed)) throw new HttpError(400, `${refusal}: Expecting a JSON array`);
  return parsed.map((item: unknown) => decode<Message>(name, item, refusal));
};

/** The reader checks the fields against the description that the type was made from. */
const decode = <Message>(name: string, parsed: unknown, refusal: string): Message =>
  orRefuse(() => decodeJson(name, parsed) as Message, refusal);

const orRefuse = <Result>(read: () => Result, refusal: string): Result => {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new HttpError(400, `${refusal}: ${error.message}`);
  }
};
