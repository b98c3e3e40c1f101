import type { AclAction } from './acl-actions.ts';

/** Principals, or what they want to do something with. */
export type AclEntity =
  | { readonly type: 'ANY' | 'NONE' }
  | { readonly type: 'SOME'; readonly values: readonly string[] };

export interface AclRule {
  readonly principals: AclEntity;
  readonly objects: AclEntity;
}

/** Who may do what. The first rule of an action that speaks of who asks, and of what, decides. */
export interface Acls {
  /** What holds where no rule speaks. */
  readonly permissive: boolean;
  readonly rules: ReadonlyMap<AclAction, readonly AclRule[]>;
}

/** One thing that somebody wants to do; undefined stands for somebody who was not asked, and for anything of its kind. */
export interface AclRequest {
  readonly action: AclAction;
  readonly principal: string | undefined;
  readonly object?: string | undefined;
}

/**
 * Whether Mesos' local authorizer would allow it: rules are read in order; one speaks of a request when both its sides do,
 * and then both have to allow it. A side of NONE speaks of everything and allows nothing.
 */
export const isAuthorized = (acls: Acls | undefined, { action, principal, object }: AclRequest): boolean => {
  const rules = acls?.rules.get(action);
  if (!acls || !rules) return acls?.permissive ?? true;
  const rule = rules.find((each) => speaksOf(each.principals, principal) && speaksOf(each.objects, object));
  return rule ? allows(rule.principals, principal) && allows(rule.objects, object) : acls.permissive;
};

/** Whether nothing of that kind is kept from somebody. */
export const mayAll = (acls: Acls | undefined, action: AclAction, principal: string | undefined): boolean => {
  for (const { principals, objects } of acls?.rules.get(action) ?? []) {
    if (!speaksOf(principals, principal)) continue;
    if (!allows(principals, principal) || objects.type === 'NONE') return false;
    if (objects.type === 'ANY') return true;
  }
  return acls?.permissive ?? true;
};

const speaksOf = (entity: AclEntity, value: string | undefined): boolean =>
  entity.type !== 'SOME' || (value !== undefined && entity.values.some((each) => isCovered(value, each)));

const allows = (entity: AclEntity, value: string | undefined): boolean =>
  entity.type !== 'NONE' && speaksOf(entity, value);

/** `dev/%` stands for every role below `dev`, not for itself. */
const isCovered = (value: string, listed: string): boolean =>
  listed === value || (listed.endsWith('/%') && value.startsWith(listed.slice(0, -1)));
