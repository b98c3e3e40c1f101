import type { IncomingMessage } from 'node:http';
import { HttpError } from '../../http/http-error.ts';
import { principalOf } from '../../http/principal.ts';
import type { AclAction } from '../../mesos/acls/acl-actions.ts';
import { type Acls, isAuthorized } from '../../mesos/acls/acls.ts';

/** What somebody may do here, as the ACLs (mesos.md 6, `--acls`) say of the name that they have logged in with. */
export interface Permission {
  /** There are no ACLs: everything is allowed. */
  readonly isUnlimited: boolean;
  /** Without an object: anything of its kind. */
  may(action: AclAction, object?: string): boolean;
  /** Throws HttpError 403. */
  demand(action: AclAction, object?: string): void;
}

export const permissionOf = (acls: Acls | undefined, request: IncomingMessage): Permission => {
  const principal = principalOf(request)?.name;
  const may = (action: AclAction, object?: string): boolean =>
    isAuthorized(acls, { action, principal, object });
  return {
    isUnlimited: acls === undefined,
    may,
    demand: (action, object) => {
      if (!may(action, object)) throw new HttpError(403, '403 Forbidden.');
    },
  };
};
