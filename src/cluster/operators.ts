import { readOperators, revokeTokens } from '../security/operator-register.ts';
import type { ClusterFolder } from './cluster-folder.ts';

/** A token of an operator that is still good; times in ISO 8601. */
export interface OperatorToken {
  readonly operator: string;
  readonly made: string;
  readonly expires: string;
}

/** Tokens that were made for operators and are still good, the oldest first. Throws SecretFileError. */
export const operatorsOf = ({ securityFolder }: ClusterFolder): OperatorToken[] =>
  readOperators(securityFolder, Date.now()).issued.map(({ sub, iat, exp }) => ({
    operator: sub,
    made: new Date(iat * 1000).toISOString(),
    expires: new Date(exp * 1000).toISOString(),
  }));

/** Ends all tokens of an operator; gives how many of them were listed. Throws SecretFileError. */
export const revokeOperator = ({ securityFolder }: ClusterFolder, operator: string): number =>
  revokeTokens(securityFolder, operator, Date.now());
