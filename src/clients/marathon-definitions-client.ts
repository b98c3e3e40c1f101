import { orUndefinedIfMissing } from './api-error.ts';
import { type Api, send, sendForJson } from './call.ts';
import type { Connection } from './connection.ts';
import type { MarathonGroup } from './marathon-group-client.ts';
import type { MarathonPreview } from './marathon-types.ts';
import { type ChangeOptions, changeQuery, pathOfId, readMarathonError } from './marathon-wire.ts';

export type SpecDefinition = Readonly<Record<string, unknown>> & { readonly id: string };

/** All definitions of a Marathon. */
export interface MarathonDefinitions {
  readonly apps: readonly SpecDefinition[];
  readonly pods: readonly SpecDefinition[];
  /** Without what is in them. */
  readonly groups: readonly MarathonGroup[];
}

/** A change of definitions, before it is sent. */
export interface DefinitionChange {
  readonly method: 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, boolean>>;
  readonly body?: object;
}

/** Changes of definitions, each of which can be looked at before it is made. Every call throws ApiError. */
export interface MarathonDefinitionsClient {
  getAll(): Promise<MarathonDefinitions>;
  /** What a change would do. Only Plenum's Marathon has dry runs: others carry the change out. */
  preview(change: DefinitionChange): Promise<MarathonPreview>;
  /** The answer is the id of the deployment; empty when Marathon names none. */
  carryOut(change: DefinitionChange, options: ChangeOptions): Promise<string>;
}

/**
 * The apps, whole, take the place of those that there are; new ones are made. All in one deployment. `keepsRunning`: what
 * differs in its labels alone is not restarted (only by Plenum's Marathon).
 */
export const putApps = (apps: readonly object[], { keepsRunning = false } = {}): DefinitionChange => ({
  method: 'PUT',
  path: '/v2/apps',
  query: { partialUpdate: false, ...(keepsRunning && { restartOnLabelChange: false }) },
  body: apps,
});

export const postPod = (pod: object): DefinitionChange => ({ method: 'POST', path: '/v2/pods', body: pod });

export const putPod = (id: string, pod: object, { keepsRunning = false } = {}): DefinitionChange => ({
  method: 'PUT',
  path: `/v2/pods/${pathOfId(id)}`,
  ...(keepsRunning && { query: { restartOnLabelChange: false } }),
  body: pod,
});

export const postGroup = (group: object): DefinitionChange => ({
  method: 'POST',
  path: '/v2/groups',
  body: group,
});

/** What is not given of the group stays, all that is in it too. */
export const putGroup = (id: string, group: object): DefinitionChange => ({
  method: 'PUT',
  path: pathOfId(id) === '' ? '/v2/groups' : `/v2/groups/${pathOfId(id)}`,
  body: group,
});

export const deleteSpec = (kind: 'app' | 'pod', id: string): DefinitionChange => ({
  method: 'DELETE',
  path: `/v2/${kind}s/${pathOfId(id)}`,
});

/** A group with nothing in it; it stays when there is something by then (only with Plenum's Marathon). */
export const deleteEmptyGroup = (id: string): DefinitionChange => ({
  method: 'DELETE',
  path: `/v2/groups/${pathOfId(id)}`,
  query: { onlyEmpty: true },
});

const API: Api = { name: 'Marathon', readError: readMarathonError };

export const createMarathonDefinitionsClient = (connection: Connection): MarathonDefinitionsClient => {
  const callOf = ({ method, path, query = {}, body }: DefinitionChange, more: object) => ({
    method,
    path,
    query: { ...query, ...more },
    ...(body && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
  });
  return {
    getAll: async () => {
      const [{ apps }, pods, root] = await Promise.all([
        sendForJson<{ apps: SpecDefinition[] }>(API, connection, { path: '/v2/apps' }),
        // Before 1.4 there were none.
        orUndefinedIfMissing(sendForJson<SpecDefinition[]>(API, connection, { path: '/v2/pods' })),
        sendForJson<MarathonGroup>(API, connection, {
          path: '/v2/groups',
          query: { embed: ['group.groups'] },
        }),
      ]);
      return { apps, pods: pods ?? [], groups: groupsIn(root) };
    },
    preview: (change) => sendForJson(API, connection, callOf(change, { dryRun: true })),
    carryOut: async (change, { force = false, ...options }) => {
      const { headers, body } = await send(
        API,
        connection,
        callOf(change, changeQuery({ force, ...options })),
      );
      const inHeader = headers['marathon-deployment-id'];
      if (typeof inHeader === 'string') return inHeader;
      const answer: { deploymentId?: unknown } = JSON.parse(body.toString('utf8') || '{}');
      return String(answer.deploymentId ?? '');
    },
  };
};

const groupsIn = (group: MarathonGroup): MarathonGroup[] => [
  group,
  ...(group.groups ?? []).flatMap((inner) => groupsIn(inner)),
];
