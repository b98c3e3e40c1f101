import type { AppDefinition } from '../definitions/app.ts';
import type { MarathonState } from './state.ts';

/** The definition that an instance runs, or will run. */
export const definitionOf = (
  state: MarathonState,
  { appId, appVersion }: { appId: string; appVersion: string },
): AppDefinition | undefined => {
  const present = state.root.apps.get(appId);
  return present?.version === appVersion ? present : state.formerApps.get(appId)?.get(appVersion);
};
