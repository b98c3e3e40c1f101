import type { FrameworkInfo } from '../../mesos/generated/mesos.ts';
import { runSpecsOf } from '../groups/root-group.ts';
import type { MarathonSettings } from './settings.ts';
import type { MarathonState } from './state.ts';

/** What Marathon registers as (marathon.md 3.20). */
export const frameworkInfo = (
  settings: MarathonSettings,
  { frameworkId, roles }: { frameworkId: string | undefined; roles: readonly string[] },
): FrameworkInfo => ({
  user: settings.user,
  name: settings.frameworkName,
  ...(frameworkId === undefined ? {} : { id: { value: frameworkId } }),
  failover_timeout: settings.failoverTimeoutSeconds,
  checkpoint: true,
  roles: [...roles],
  hostname: settings.hostname,
  ...(settings.principal === undefined ? {} : { principal: settings.principal }),
  webui_url: settings.webuiUrl,
  capabilities: [
    { type: 'PARTITION_AWARE' },
    { type: 'TASK_KILLING_STATE' },
    { type: 'MULTI_ROLE' },
    { type: 'REGION_AWARE' },
    ...(settings.usesGpus ? [{ type: 'GPU_RESOURCES' as const }] : []),
  ],
});

/** All roles that apps have, and instances still have. */
export const rolesInUse = (settings: MarathonSettings, state: MarathonState): string[] => {
  const roles = new Set([settings.mesosRole]);
  for (const app of runSpecsOf(state.root)) roles.add(app.role);
  for (const instance of state.instances.all()) roles.add(instance.role);
  for (const release of state.releases.values()) roles.add(release.role);
  return [...roles].sort();
};
