import { HttpError } from '../../http/http-error.ts';
import type { Acls } from '../../mesos/acls/acls.ts';
import type { OfferOperation, WeightInfo } from '../../mesos/generated/mesos.ts';
import type { QuotaConfig, QuotaRequest } from '../../mesos/generated/quota.ts';
import { roleNameProblem } from '../../mesos/role-name.ts';
import type { AskMaster, OperatorCommand } from '../core/input.ts';
import type { MasterState } from '../core/state.ts';
import { quotaConfigProblem, quotaRequestProblem } from './validate-quota.ts';

/** What operators change, the same over the v1 call and the v0 path (mesos.md 3.3 to 3.7). */
export interface WriteOptions {
  readonly state: MasterState;
  readonly ask: AskMaster;
  readonly acls: Acls | undefined;
  /** As whom the operator has logged in, if so. */
  readonly principal?: string | undefined;
}

/** Resolves once the command is done and durable. Throws HttpError with the text of its refusal. */
export const carryOut = async (ask: AskMaster, command: OperatorCommand): Promise<void> => {
  const outcome = await ask(command);
  if (outcome.type === 'refused') throw new HttpError(outcome.status, outcome.message);
};

export const applyOperation = (
  { ask, principal }: WriteOptions,
  agentId: string,
  operation: OfferOperation,
): Promise<void> =>
  carryOut(ask, {
    type: 'apply-operation',
    agentId,
    operation,
    ...(principal === undefined ? {} : { principal }),
  });

/** Throws HttpError 400 for a config that no cluster could have. */
export const updateQuotas = async (
  { ask }: WriteOptions,
  configs: readonly QuotaConfig[],
  isForced: boolean,
): Promise<void> => {
  for (const config of configs) {
    const problem = quotaConfigProblem(config);
    if (problem !== undefined) throw new HttpError(400, `Invalid QuotaConfig: ${problem}`);
  }
  await carryOut(ask, { type: 'update-quotas', configs, isForced });
};

/** The call of before UPDATE_QUOTA: for a role without quota, and the limits are what is guaranteed. */
export const setQuota = async ({ state, ask }: WriteOptions, request: QuotaRequest): Promise<void> => {
  const refuse = (problem: string): HttpError =>
    new HttpError(400, `Failed to validate set quota request: ${problem}`);
  const problem = quotaRequestProblem(request);
  if (problem !== undefined) throw refuse(problem);
  const { role = '*', guarantee = [], force = false } = request;
  if (state.quotas.has(role)) throw refuse(`Cannot set quota for role '${role}' which already has quota`);
  const amounts = Object.fromEntries(
    guarantee.map(({ name, scalar }) => [name, { value: scalar?.value ?? 0 }]),
  );
  const config = { role, guarantees: amounts, limits: amounts };
  const configProblem = quotaConfigProblem(config);
  if (configProblem !== undefined) throw refuse(configProblem);
  const outcome = await ask({ type: 'update-quotas', configs: [config], isForced: force });
  // What is sound by itself and yet refused is too much for the cluster.
  if (outcome.type === 'refused') {
    throw new HttpError(409, `Heuristic capacity check for set quota request failed: ${outcome.message}`);
  }
};

export const removeQuota = async ({ state, ask }: WriteOptions, role: string): Promise<void> => {
  const nameProblem = roleNameProblem(role);
  if (nameProblem !== undefined) {
    throw new HttpError(400, `Failed to remove quota: Invalid role '${role}': ${nameProblem}`);
  }
  if (!state.quotas.has(role)) {
    throw new HttpError(400, `Failed to remove quota: Role '${role}' has no quota set`);
  }
  await carryOut(ask, { type: 'update-quotas', configs: [{ role }], isForced: true });
};

export const updateWeights = async ({ ask }: WriteOptions, infos: readonly WeightInfo[]): Promise<void> => {
  const weights = infos.map(({ role = '', weight }) => {
    const problem = weightProblem(role, weight);
    if (problem !== undefined) {
      throw new HttpError(
        400,
        `Failed to validate update weights request JSON for role '${role}': ${problem}`,
      );
    }
    return { role, weight };
  });
  await carryOut(ask, { type: 'update-weights', weights });
};

const weightProblem = (role: string, weight: number): string | undefined => {
  const nameProblem = roleNameProblem(role);
  if (nameProblem !== undefined) return `Invalid role: ${nameProblem}`;
  const isPositive = weight > 0 && Number.isFinite(weight);
  return isPositive ? undefined : `Invalid weight '${weight}': Weights must be positive`;
};
