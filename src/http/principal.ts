import type { IncomingMessage } from 'node:http';

/** Who sent a request, as its server has found out. */
export interface Principal {
  readonly name: string;
  /** By password: one of Mesos' principals, which frameworks and reservations carry. By token: one of the cluster's own. */
  readonly by: 'password' | 'token';
}

const principals = new WeakMap<IncomingMessage, Principal>();

/** Undefined where nobody was asked. */
export const principalOf = (request: IncomingMessage): Principal | undefined => principals.get(request);

export const rememberPrincipal = (request: IncomingMessage, principal: Principal): void => {
  principals.set(request, principal);
};

/** The name of one of Mesos' principals, when it was one that sent the request. */
export const mesosPrincipalOf = (request: IncomingMessage): string | undefined => {
  const principal = principals.get(request);
  return principal?.by === 'password' ? principal.name : undefined;
};
