import type { IncomingMessage } from 'node:http';
import { HttpError } from '../http/http-error.ts';
import { principalOf } from '../http/principal.ts';
import type { AclAction } from '../mesos/acls/acl-actions.ts';
import { type Acls, mayAll } from '../mesos/acls/acls.ts';

/** Who may have what the gateway itself reads, as the master's ACLs (mesos.md 6, `--acls`) say. */
export interface Permission {
  /** Throws HttpError 403, which names what is missing, unless who asks may do all of it to everything. */
  demand(request: IncomingMessage, ...actions: readonly AclAction[]): void;
}

/** What it takes to have an archive of diagnostics: all that it shows, of everybody. */
export const BUNDLED = [
  'access_mesos_logs',
  'access_sandboxes',
  'view_flags',
  'view_roles',
  'view_frameworks',
  'view_tasks',
  'view_executors',
  'view_containers',
  'get_quotas',
  'get_endpoints',
  'get_maintenance_schedules',
  'get_maintenance_statuses',
] as const satisfies readonly AclAction[];

/** Undefined ACLs allow everybody everything. */
export const permissionUnder = (acls: Acls | undefined): Permission => ({
  demand: (request, ...actions) => {
    if (acls === undefined) return;
    const principal = principalOf(request)?.name;
    const missing = actions.filter((action) => !mayAll(acls, action, principal));
    if (missing.length === 0) return;
    throw new HttpError(
      403,
      `${principal ?? 'Somebody without a login'} may not do that: it takes leave for ${missing.join(', ')} (--acls)`,
    );
  },
});
