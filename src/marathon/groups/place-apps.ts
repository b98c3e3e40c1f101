import type { AppDefinition, Timestamp } from '../definitions/app.ts';
import { servicePortsOf } from '../definitions/app-facts.ts';
import type { AppInput } from '../definitions/app-input.ts';
import { assignServicePorts, servicePortPool } from '../definitions/assign-service-ports.ts';
import { completeApp } from '../definitions/complete-app.ts';
import type { DefinitionSettings } from '../definitions/definition-settings.ts';
import { type PathId, resolvePath } from '../definitions/path-id.ts';
import { restrictedChanges } from '../definitions/update-restrictions.ts';
import { appViolations } from '../definitions/validate-app.ts';
import { refuseInvalid, type Violation, within } from '../definitions/violation.ts';
import { enforceRolesOfNewGroups, rolePolicy } from './role-policy.ts';
import { putApps, type RootGroup } from './root-group.ts';

/** An app to be added, or to take the place of the one that has its id. */
export interface AppToPlace {
  readonly input: AppInput & { id: string };
  /** What a relative id is relative to. */
  readonly base: PathId;
  /** Where the app is in the request's body, such as `/apps(0)`; empty when it is the body. */
  readonly path: string;
}

export interface Placement {
  readonly settings: DefinitionSettings;
  /** Of apps that are new; the others keep theirs, until the engine sees that they have changed. */
  readonly version: Timestamp;
  readonly force: boolean;
  /** What the apps were before; by default what `root` says. */
  readonly before?: RootGroup;
}

/**
 * Puts apps into a root group: completed, checked, and with service ports. Throws InvalidDocument with what is wrong about
 * all of them, or ServicePortsExhausted.
 */
export const placeApps = (
  root: RootGroup,
  apps: readonly AppToPlace[],
  { settings, version, force, before = root }: Placement,
): RootGroup => {
  const violations: Violation[] = [];
  const take = servicePortPool(usedServicePorts(root), settings.servicePorts);
  const placed: AppDefinition[] = [];
  // Roles go by the groups as they will be, and by what the apps were.
  const rolesRoot = { ...enforceRolesOfNewGroups(before, root, settings), apps: before.apps };
  for (const { input, base, path } of apps) {
    const id = resolvePath(input.id, base);
    const earlier = before.apps.get(id);
    const { fallback, allowed } = rolePolicy(rolesRoot, id, settings);
    const versions = earlier ?? {
      version,
      versionInfo: { lastScalingAt: version, lastConfigChangeAt: version },
    };
    const app = completeApp(input, { base, settings, role: fallback, versions });
    const found = [
      ...appViolations(app, { settings, roles: allowed }),
      ...(earlier ? restrictedChanges(earlier, app, { force }) : []),
    ];
    violations.push(...within(path, found));
    if (found.length > 0) continue;
    placed.push(assignServicePorts(app, { before: earlier, take }));
  }
  refuseInvalid(violations);
  return enforceRolesOfNewGroups(before, putApps(root, placed), settings);
};

const usedServicePorts = (root: RootGroup): Set<number> => {
  const used = new Set<number>();
  for (const app of root.apps.values()) for (const port of servicePortsOf(app)) used.add(port);
  return used;
};
