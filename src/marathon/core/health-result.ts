/** What a health check has found so far about one instance (marathon.md 1.7). */
export interface HealthResult {
  readonly instanceId: string;
  readonly alive: boolean;
  readonly consecutiveFailures: number;
  readonly firstSuccessMs?: number;
  readonly lastSuccessMs?: number;
  readonly lastFailureMs?: number;
  readonly lastFailureCause?: string;
}
