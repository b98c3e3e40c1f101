import type { HealthResult } from './health-result.ts';

/** What is known of an instance's health: one place per check of its definition, in their order. */
export interface InstanceHealth {
  readonly results: (HealthResult | undefined)[];
}

/** True when every check passes, false when one does not, undefined while a result is missing. */
export const overallHealth = (health: InstanceHealth | undefined, checks: number): boolean | undefined => {
  if (checks === 0 || health === undefined) return undefined;
  if (health.results.some((result) => result?.alive === false)) return false;
  for (let index = 0; index < checks; index++) if (health.results[index] === undefined) return undefined;
  return true;
};
