import type { AppDefinition } from '../definitions/app.ts';
import { asApp, type RunSpec } from '../definitions/run-spec.ts';
import { runSpecOf } from '../groups/root-group.ts';
import type { MarathonState } from './state.ts';

/** The definition that an instance runs, or will run. */
export const definitionOf = (
  state: MarathonState,
  { appId, appVersion }: { appId: string; appVersion: string },
): RunSpec | undefined => {
  const present = runSpecOf(state.root, appId);
  return present?.version === appVersion ? present : state.formerApps.get(appId)?.get(appVersion);
};

/** The same where only apps are of interest: they alone have checks that Marathon performs, and readiness. */
export const appDefinitionOf = (
  state: MarathonState,
  instance: { appId: string; appVersion: string },
): AppDefinition | undefined => asApp(definitionOf(state, instance));
