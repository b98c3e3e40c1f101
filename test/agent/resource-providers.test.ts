import { describe, expect, it } from 'vitest';
import { encode, PROTOBUF, postProtobuf } from '../support/protobuf-client.ts';
import { startTestCluster } from './test-agent.ts';

const STORAGE = 'org.apache.mesos.rp.local.storage';
const unknown = (type: string): string =>
  `Failed to validate resource provider config with type '${type}' and name 'n': Unknown local resource provider type '${type}'`;
const invalid = (problem: string): string => `Failed to validate agent::Call: ${problem}`;
const info = { type: STORAGE, name: 'n' };
const withId = { ...info, id: { value: 'p' } };

const CALLS: readonly [what: string, call: object, status: number, text: string][] = [
  [
    'to add a provider of storage',
    { type: 'ADD_RESOURCE_PROVIDER_CONFIG', add_resource_provider_config: { info } },
    400,
    unknown(STORAGE),
  ],
  [
    'to change a provider of a type that nobody knows',
    {
      type: 'UPDATE_RESOURCE_PROVIDER_CONFIG',
      update_resource_provider_config: { info: { ...info, type: 'no.such' } },
    },
    400,
    unknown('no.such'),
  ],
  [
    'to add a provider with an id',
    { type: 'ADD_RESOURCE_PROVIDER_CONFIG', add_resource_provider_config: { info: withId } },
    400,
    invalid("Expecting 'add_resource_provider_config.info.id' to be unset"),
  ],
  [
    'to change a provider with an id',
    { type: 'UPDATE_RESOURCE_PROVIDER_CONFIG', update_resource_provider_config: { info: withId } },
    400,
    invalid("Expecting 'update_resource_provider_config.info.id' to be unset"),
  ],
  [
    'to remove what is not there',
    {
      type: 'REMOVE_RESOURCE_PROVIDER_CONFIG',
      remove_resource_provider_config: { type: STORAGE, name: 'n' },
    },
    200,
    '',
  ],
  [
    'to give up a provider that is not there',
    {
      type: 'MARK_RESOURCE_PROVIDER_GONE',
      mark_resource_provider_gone: { resource_provider_id: { value: 'p' } },
    },
    200,
    '',
  ],
  ['of the type that stands for no call', { type: 'UNKNOWN' }, 501, '501 Not Implemented.'],
  ...[
    'ADD_RESOURCE_PROVIDER_CONFIG',
    'UPDATE_RESOURCE_PROVIDER_CONFIG',
    'REMOVE_RESOURCE_PROVIDER_CONFIG',
    'MARK_RESOURCE_PROVIDER_GONE',
  ].map((type): [string, object, number, string] => [
    `${type} without its body`,
    { type },
    400,
    invalid(`Expecting '${type.toLowerCase()}' to be present`),
  ]),
];

describe('an agent without resource providers', () => {
  it('answers calls about them as a Mesos agent without CSI, in JSON and in protobuf', async () => {
    const { agent } = await startTestCluster();
    const url = `${agent.url}/api/v1`;
    for (const [what, call, status, text] of CALLS) {
      const answers = [
        await postProtobuf(url, JSON.stringify(call), { 'Content-Type': 'application/json' }),
        await postProtobuf(url, encode('agent.Call', call), { 'Content-Type': PROTOBUF }),
      ];
      for (const answer of answers) {
        expect([what, answer.status, answer.body.toString()]).toEqual([what, status, text]);
        if (status === 200) expect(answer.headers['content-type']).toBeUndefined();
      }
    }
  });

  it.each([
    ['ADD_RESOURCE_PROVIDER_CONFIG', { info: { name: 'n' } }],
    ['ADD_RESOURCE_PROVIDER_CONFIG', { info: null }],
    ['UPDATE_RESOURCE_PROVIDER_CONFIG', { info: { type: {}, name: 'n' } }],
    ['REMOVE_RESOURCE_PROVIDER_CONFIG', { type: STORAGE }],
    ['MARK_RESOURCE_PROVIDER_GONE', { resource_provider_id: 'p' }],
    ['MARK_RESOURCE_PROVIDER_GONE', null],
  ])('refuses %s with the body %j', async (type, body) => {
    const { agent } = await startTestCluster();
    const text = JSON.stringify({ type, [type.toLowerCase()]: body });
    const answer = await postProtobuf(`${agent.url}/api/v1`, text, {
      'Content-Type': 'application/json',
    });
    expect([answer.status, answer.body.toString()]).toEqual([400, expect.stringMatching(/^Failed to /)]);
  });

  it('has none to show, and takes no subscription of one', async () => {
    const { agent } = await startTestCluster();
    const shown = await postProtobuf(
      `${agent.url}/api/v1`,
      encode('agent.Call', { type: 'GET_RESOURCE_PROVIDERS' }),
      { Accept: 'application/json' },
    );
    expect(JSON.parse(shown.body.toString())).toEqual({
      type: 'GET_RESOURCE_PROVIDERS',
      get_resource_providers: {},
    });
    const subscribe = {
      type: 'SUBSCRIBE',
      subscribe: { resource_provider_info: { type: 'test.provider', name: 'n' } },
    };
    for (const prefix of ['', '/slave(1)']) {
      const answer = await postProtobuf(
        `${agent.url}${prefix}/api/v1/resource_provider`,
        JSON.stringify(subscribe),
        { 'Content-Type': 'application/json' },
      );
      expect([answer.status, answer.body.toString()]).toEqual([503, '503 Service Unavailable.']);
    }
  });
});
