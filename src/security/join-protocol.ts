/**
 * How an agent joins: it POSTs a JoinRequest to JOIN_PATH of the master and gets a JoinAnswer. The first time it shows the
 * secret of the join token; later, to renew what it was given, the token that it got then, in the Authorization header.
 */
export const JOIN_PATH = '/api/v1/agent-join';

export interface JoinRequest {
  readonly secret?: string;
  /** Of the agent's own key pair, which never leaves it: SubjectPublicKeyInfo in PEM. */
  readonly public_key: string;
  /** Host names and addresses under which the agent is reached. */
  readonly names: readonly string[];
}

export interface JoinAnswer {
  /** The agent's certificate in PEM. */
  readonly certificate: string;
  /** As whom it speaks to the master. */
  readonly token: string;
}
