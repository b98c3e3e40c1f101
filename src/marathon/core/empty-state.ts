import { emptyRootGroup } from '../groups/root-group.ts';
import { assess } from './assess.ts';
import { InstanceIndex } from './instance-index.ts';
import type { MarathonState } from './state.ts';

/** The state of an engine that has never run. */
export const emptyState = (): MarathonState => {
  const state: MarathonState = {
    frameworkId: undefined,
    root: emptyRootGroup(),
    appVersions: new Map(),
    overfullApps: new Set(),
    formerApps: new Map(),
    rootHistory: [],
    instances: new InstanceIndex((instance) => assess(state, instance)),
    releases: new Map(),
    deployments: new Map(),
    endedDeployments: new Map(),
    failures: new Map(),
    podEndings: new Map(),
    backOffs: new Map(),
    queue: new Map(),
    health: new Map(),
    readiness: new Map(),
    kills: new Map(),
    locks: new Map(),
    openActions: new Map(),
    master: {
      isConnected: false,
      wasEverConnected: false,
      initialRoles: [],
      subscribedRoles: [],
      suppressedRoles: undefined,
      lastReviveMs: Number.NEGATIVE_INFINITY,
      isRevivedTwice: false,
      offersToReturn: new Set(),
      rolesToRevive: new Set(),
      unanswered: new Map(),
      reconcileAttempts: 0,
      tellsOperations: false,
      operations: new Map(),
      agentsWithoutFeedback: new Set(),
    },
    isWatchingLaunches: false,
  };
  return state;
};
