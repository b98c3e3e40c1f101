import type { CheckInfo, CheckStatusInfo, HealthCheck } from '../../mesos/generated/mesos.ts';
import { type Clock, pause } from '../../runtime/clock.ts';
import type { Enter } from '../containerizers/container-entry.ts';
import type { CheckPlan } from '../core/effect.ts';
import type { CheckResult } from '../core/health.ts';
import { findUser, type UserIdentity } from '../processes/system-user.ts';
import { probeCommand, probeHttp, probeTcp } from './probes.ts';

const DEFAULT_DELAY_SECONDS = 15;
const DEFAULT_INTERVAL_SECONDS = 10;
const DEFAULT_TIMEOUT_SECONDS = 20;
const FIRST_HEALTHY_STATUS = 200;
const LAST_HEALTHY_STATUS = 399;

/** Hears of every result. */
export type CheckListener = (containerId: string, result: CheckResult) => void;

/** Runs the checks of tasks at their times and tells every result; what follows from it is decided elsewhere. */
export class Checker {
  readonly #clock: Clock;
  readonly #enter: Enter;
  readonly #tell: CheckListener;
  readonly #running = new Map<string, AbortController>();

  constructor(options: { clock: Clock; enter: Enter; tell: CheckListener }) {
    this.#clock = options.clock;
    this.#enter = options.enter;
    this.#tell = options.tell;
  }

  start(plan: CheckPlan): void {
    this.stop(plan.containerId);
    const abort = new AbortController();
    this.#running.set(plan.containerId, abort);
    const user = plan.user === undefined ? undefined : findUser(plan.user);
    const { healthCheck, check } = plan;
    if (healthCheck) {
      void this.#repeat(
        healthCheck,
        abort.signal,
        async (timeoutMs) => {
          const message = await findFault({ plan, check: healthCheck, user, enter: this.#enter }, timeoutMs);
          const isHealthy = message === undefined;
          return { type: 'health', isHealthy, message: message ?? 'healthy' };
        },
        plan.containerId,
      );
    }
    if (check) {
      void this.#repeat(
        check,
        abort.signal,
        async (timeoutMs) => {
          const status = await runCheck({ plan, check, user, enter: this.#enter }, timeoutMs);
          return { type: 'check', status };
        },
        plan.containerId,
      );
    }
  }

  stop(containerId: string): void {
    this.#running.get(containerId)?.abort();
    this.#running.delete(containerId);
  }

  close(): void {
    for (const containerId of [...this.#running.keys()]) this.stop(containerId);
  }

  /** Each run begins an interval after the one before it ended (mesos.md 2.8). */
  async #repeat(
    { delay_seconds, interval_seconds, timeout_seconds }: HealthCheck | CheckInfo,
    signal: AbortSignal,
    run: (timeoutMs: number) => Promise<CheckResult>,
    containerId: string,
  ): Promise<void> {
    await pause(this.#clock, (delay_seconds ?? DEFAULT_DELAY_SECONDS) * 1_000);
    while (!signal.aborted) {
      const result = await run((timeout_seconds ?? DEFAULT_TIMEOUT_SECONDS) * 1_000);
      if (signal.aborted) return;
      this.#tell(containerId, result);
      await pause(this.#clock, (interval_seconds ?? DEFAULT_INTERVAL_SECONDS) * 1_000);
    }
  }
}

/** A check with whatever it takes to run it. */
interface Subject<Check> {
  plan: CheckPlan;
  check: Check;
  user: UserIdentity | undefined;
  enter: Enter;
}

/** What is wrong with the task, or undefined when nothing is. */
const findFault = async (
  { plan, check, user, enter }: Subject<HealthCheck>,
  timeoutMs: number,
): Promise<string | undefined> => {
  const entry = enter(plan.containerId);
  if (check.http) {
    const { port, path, scheme, protocol } = check.http;
    const isIpv6 = protocol === 'IPv6';
    const status = await probeHttp(
      { port, isIpv6, entry, ...(path ? { path } : {}), ...(scheme ? { scheme } : {}) },
      timeoutMs,
    );
    if (status === undefined) return 'no answer';
    return status >= FIRST_HEALTHY_STATUS && status <= LAST_HEALTHY_STATUS ? undefined : `status ${status}`;
  }
  if (check.tcp) {
    const { port, protocol } = check.tcp;
    return (await probeTcp({ port, isIpv6: protocol === 'IPv6', entry }, timeoutMs))
      ? undefined
      : 'no connection';
  }
  const { environment, sandbox } = plan;
  const command = check.command ?? {};
  const code = await probeCommand({ command, environment, sandbox, user, entry }, timeoutMs);
  if (code === 0) return undefined;
  return code === undefined ? 'did not end in time' : `exit status ${code}`;
};

/** A result that did not come in time is an empty one. */
const runCheck = async (
  { plan, check, user, enter }: Subject<CheckInfo>,
  timeoutMs: number,
): Promise<CheckStatusInfo> => {
  const entry = enter(plan.containerId);
  if (check.http) {
    const { port, path } = check.http;
    const status = await probeHttp({ port, isIpv6: false, entry, ...(path ? { path } : {}) }, timeoutMs);
    return { type: 'HTTP', http: status === undefined ? {} : { status_code: status } };
  }
  if (check.tcp) {
    const succeeded = await probeTcp({ port: check.tcp.port, isIpv6: false, entry }, timeoutMs);
    return { type: 'TCP', tcp: succeeded === undefined ? {} : { succeeded } };
  }
  const { environment, sandbox } = plan;
  const command = check.command?.command ?? {};
  const code = await probeCommand({ command, environment, sandbox, user, entry }, timeoutMs);
  return { type: 'COMMAND', command: code === undefined ? {} : { exit_code: code } };
};
