import type { Completion } from '../complete-app.ts';
import { completeNetworks } from '../complete-networks.ts';
import { completePersistent } from '../complete-persistent.ts';
import { fillDefaults } from '../fill-defaults.ts';
import { POD_SCHEMA } from '../json-schema.ts';
import { resolvePath } from '../path-id.ts';
import { withNewNames } from '../translate-legacy.ts';
import type { PodDefinition } from './pod.ts';
import type { PodContainerInput, PodEndpointInput, PodInput, PodSchedulingInput } from './pod-input.ts';

/**
 * The form in which a pod is stored (marathon.md 2.9): everything that was left out filled in, first what depends on other
 * fields, then what the schema says; and what decides its scheduling named as with apps. Nothing is checked yet.
 */
export const completePod = (
  input: PodInput,
  { base, settings, role, versions }: Completion,
): PodDefinition => {
  const isResident = input.volumes?.some(({ persistent }) => persistent !== undefined) ?? false;
  const pod: PodInput = {
    ...input,
    id: resolvePath(input.id, base),
    role: input.role ?? role,
    networks: completeNetworks(input.networks, settings),
    volumes: (input.volumes ?? []).map(({ persistent, ...volume }) => ({
      ...volume,
      ...(persistent && { persistent: completePersistent(persistent) }),
    })),
    containers: input.containers.map(completeContainer),
    scheduling: completeScheduling(input.scheduling, isResident),
  };
  const { scaling, scheduling, ...rest } = trusted(fillDefaults(POD_SCHEMA, pod));
  const { backoff, placement } = scheduling;
  return {
    ...rest,
    instances: scaling.instances,
    constraints: placement.constraints.map(({ fieldName, operator, value }) =>
      value === undefined ? [fieldName, operator] : [fieldName, operator, value],
    ),
    ...(placement.acceptedResourceRoles.length > 0 && {
      acceptedResourceRoles: placement.acceptedResourceRoles,
    }),
    backoffSeconds: backoff.backoff,
    backoffFactor: backoff.backoffFactor,
    maxLaunchDelaySeconds: backoff.maxLaunchDelay,
    upgradeStrategy: scheduling.upgrade,
    killSelection: scheduling.killSelection,
    unreachableStrategy: scheduling.unreachableStrategy,
    version: versions.version,
    versionInfo: versions.versionInfo,
  };
};

/** What is said elsewhere, or under other names, once a pod is stored. */
type Renamed =
  | 'instances'
  | 'constraints'
  | 'acceptedResourceRoles'
  | 'backoffSeconds'
  | 'backoffFactor'
  | 'maxLaunchDelaySeconds'
  | 'upgradeStrategy'
  | 'killSelection'
  | 'unreachableStrategy'
  | 'version'
  | 'versionInfo';

interface CompletedPod extends Omit<PodDefinition, Renamed> {
  readonly scaling: { readonly instances: number };
  readonly scheduling: {
    readonly backoff: {
      readonly backoff: number;
      readonly backoffFactor: number;
      readonly maxLaunchDelay: number;
    };
    readonly upgrade: PodDefinition['upgradeStrategy'];
    readonly placement: {
      readonly constraints: readonly {
        readonly fieldName: string;
        readonly operator: PodDefinition['constraints'][number][1];
        readonly value?: string;
      }[];
      readonly acceptedResourceRoles: readonly string[];
    };
    readonly killSelection: PodDefinition['killSelection'];
    readonly unreachableStrategy: PodDefinition['unreachableStrategy'];
  };
}

/** What the schema has checked and the defaults have completed has all of this. */
const trusted = (completed: unknown): CompletedPod => completed as CompletedPod;

const completeContainer = (container: PodContainerInput): PodContainerInput => ({
  ...container,
  endpoints: (container.endpoints ?? []).map(completeEndpoint),
});

/** An empty list of protocols says nothing. */
const completeEndpoint = ({ protocol = [], ...endpoint }: PodEndpointInput): PodEndpointInput => ({
  ...endpoint,
  ...(protocol.length > 0 && { protocol: [...new Set(protocol)] }),
});

const completeScheduling = (scheduling: PodSchedulingInput = {}, isResident: boolean): PodSchedulingInput => {
  const usual = isResident
    ? { minimumHealthCapacity: 0.5, maximumOverCapacity: 0 }
    : { minimumHealthCapacity: 1, maximumOverCapacity: 1 };
  const { unreachableStrategy = isResident ? 'disabled' : {} } = scheduling;
  return {
    ...scheduling,
    upgrade: { ...usual, ...scheduling.upgrade },
    unreachableStrategy: withNewNames(unreachableStrategy),
  };
};
