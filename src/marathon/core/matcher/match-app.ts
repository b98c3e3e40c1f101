import { fieldValue, type OfferedAgent } from '../../../mesos/agent-fields.ts';
import type { Offer, Resource } from '../../../mesos/generated/mesos.ts';
import type { Random } from '../../../runtime/random.ts';
import type { RunSpec } from '../../definitions/run-spec.ts';
import type { Rejection } from '../../engine.ts';
import { type VolumeNeed, volumeNeedsOf } from '../resident/volume-need.ts';
import type { MarathonSettings } from '../settings.ts';
import { constraintText, type Placement, satisfies } from './constraints.ts';
import type { Access, OfferRemainder } from './offer-remainder.ts';
import { type PickedDisk, pickDisks, volumeText } from './pick-disks.ts';
import { pickPorts, portRequestsOf } from './pick-ports.ts';
import { scalarNeedsOf } from './scalar-needs.ts';

const NANOSECONDS_PER_MS = 1_000_000;

export interface MatchOptions {
  readonly app: RunSpec;
  readonly remainder: OfferRemainder;
  readonly agent: OfferedAgent;
  readonly placement: Placement;
  /** How many there are to be; spreading reckons with them. */
  readonly instances: number;
  /** The master's own; agents of others are for apps that ask for a region or a zone. */
  readonly region?: string | undefined;
  readonly nowMs: number;
  readonly settings: Pick<MarathonSettings, 'acceptedRolesDefault' | 'drainingMs' | 'gpuSchedulingBehavior'>;
  readonly random: Random;
}

export type Match =
  | {
      readonly isMatch: true;
      readonly resources: Resource[];
      readonly hostPorts: readonly number[];
      /** What its persistent volumes are to be made of. */
      readonly disks: readonly PickedDisk[];
    }
  /** In the order of the funnel (marathon.md 1.11); never empty. */
  | { readonly isMatch: false; readonly rejections: readonly Rejection[] };

/**
 * Takes the resources of one instance from what is left of an offer, or says why it cannot: all reasons, in the order of
 * marathon.md 3.8. Nothing is taken when there is one.
 */
export const matchApp = (options: MatchOptions): Match => {
  const { app, remainder, random } = options;
  const volumes = volumeNeedsOf(app);
  // Only what is nobody's yet can be reserved.
  const accepted = app.acceptedResourceRoles ?? defaultRoles(app, options.settings);
  const access = volumes.length > 0 ? UNRESERVED : accessOf(app, accepted);
  if (remainder.role !== app.role || !remainder.hasAny(access)) {
    return { isMatch: false, rejections: [roleRejection(app, remainder, accepted)] };
  }
  const picked = pickPorts(portRequestsOf(app), remainder.portRanges(access), random);
  const disks = pickDisks(volumes, remainder.volumeDisks(), scalarNeedsOf(app).disk);
  const rejections = [
    ...placementRejections(options),
    ...scalarRejections(app, remainder, access),
    ...(disks.isEnough ? [] : [volumeRejection(disks.lacking)]),
    ...(picked.isEnough ? [] : [portRejection(app, picked.missing)]),
    ...(volumes.length > 0 ? [] : scarcityRejections(app, remainder.offer, options.settings)),
  ];
  if (rejections.length > 0 || !picked.isEnough || !disks.isEnough) return { isMatch: false, rejections };
  remainder.placed++;
  const needs = scalarNeedsOf(app);
  const scalars = SCALARS.flatMap(({ name }) => remainder.takeScalar(name, needs[name], access));
  remainder.takeDisks(disks.disks);
  return {
    isMatch: true,
    resources: [...scalars, ...remainder.takePorts(picked.ports, access)],
    hostPorts: picked.ports,
    disks: disks.disks,
  };
};

const UNRESERVED: Access = { unreserved: true, reserved: false };

/** What a run spec accepts that does not say (marathon.md 3.9). To the role `*` nothing is ever reserved. */
const defaultRoles = (
  { role }: RunSpec,
  { acceptedRolesDefault }: Pick<MarathonSettings, 'acceptedRolesDefault'>,
): readonly string[] => {
  if (acceptedRolesDefault === 'unreserved') return ['*'];
  return acceptedRolesDefault === 'reserved' ? [role] : ['*', role];
};

const accessOf = ({ role }: RunSpec, accepted: readonly string[]): Access => ({
  unreserved: accepted.includes('*'),
  reserved: accepted.includes(role),
});

/** In the order of the funnel. */
const SCALARS = [
  { name: 'cpus', reason: 'InsufficientCpus', unit: 'cpus' },
  { name: 'mem', reason: 'InsufficientMemory', unit: 'MiB of memory' },
  { name: 'disk', reason: 'InsufficientDisk', unit: 'MiB of disk' },
  { name: 'gpus', reason: 'InsufficientGpus', unit: 'gpus' },
] as const;

const volumeRejection = (lacking: VolumeNeed): Rejection => ({
  reason: 'InsufficientDisk',
  detail: `needs ${volumeText(lacking)}, no such disk is offered`,
});

const roleRejection = (app: RunSpec, { role }: OfferRemainder, accepted: readonly string[]): Rejection => ({
  reason: 'UnfulfilledRole',
  detail:
    role === app.role
      ? `nothing is offered for the roles ${accepted.join(', ')}`
      : `has the role ${app.role}, the offer is for ${role}`,
});

const scalarRejections = (app: RunSpec, remainder: OfferRemainder, access: Access): Rejection[] => {
  const needs = scalarNeedsOf(app);
  return SCALARS.flatMap(({ name, reason, unit }): Rejection[] => {
    const needed = needs[name];
    if (needed === 0) return [];
    const offered = remainder.scalar(name, access);
    if (Math.round(needed * 1000) <= Math.round(offered * 1000)) return [];
    return [{ reason, detail: `needs ${needed} ${unit}, ${offered} are offered` }];
  });
};

const placementRejections = ({
  app,
  remainder,
  agent,
  placement,
  instances,
  region,
  nowMs,
  settings,
}: MatchOptions): Rejection[] => {
  const rejections: Rejection[] = [];
  const asksForDomain = app.constraints.some(([field]) => field === '@region' || field === '@zone');
  if (!asksForDomain && agent.region !== undefined && region !== undefined && agent.region !== region) {
    rejections.push({
      reason: 'UnfulfilledConstraint',
      detail: `the agent is in the region ${agent.region}, and no constraint asks for another than ${region}`,
    });
  }
  for (const constraint of app.constraints) {
    if (satisfies(constraint, agent, placement, instances)) continue;
    rejections.push({
      reason: 'UnfulfilledConstraint',
      detail: `${constraintText(constraint)} is not fulfilled by ${fieldValue(agent, constraint[0]) ?? 'an agent without it'}`,
    });
  }
  const start = remainder.offer.unavailability?.start.nanoseconds;
  if (start !== undefined && start / NANOSECONDS_PER_MS <= nowMs + settings.drainingMs) {
    rejections.push({ reason: 'AgentMaintenance', detail: 'the agent is under maintenance' });
  }
  return rejections;
};

const portRejection = (app: RunSpec, missing: readonly number[]): Rejection => ({
  reason: 'InsufficientPorts',
  detail:
    missing.length > 0
      ? `needs host port ${missing.join(', ')}, not offered`
      : `needs ${portRequestsOf(app).length} host ports, too few are offered`,
});

/** Agents with GPUs are kept for apps that use them, unless the app says otherwise. */
const scarcityRejections = (
  app: RunSpec,
  offer: Offer,
  { gpuSchedulingBehavior }: Pick<MarathonSettings, 'gpuSchedulingBehavior'>,
): Rejection[] => {
  const behavior = app.labels.GPU_SCHEDULING_BEHAVIOR ?? gpuSchedulingBehavior;
  const hasGpus = (offer.resources ?? []).some(
    ({ name, scalar }) => name === 'gpus' && (scalar?.value ?? 0) > 0,
  );
  if (!hasGpus || scalarNeedsOf(app).gpus > 0 || behavior === 'unrestricted') return [];
  return [{ reason: 'DeclinedScarceResources', detail: 'the agent has gpus, which the app does not use' }];
};
