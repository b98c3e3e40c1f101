import { string } from '@oclif/core/flags';
import { isNotFound } from '../clients/api-error.ts';
import { PlannedCall, type PlannedRequest } from '../clients/planned-call.ts';
import { type ClusterClients, clusterClients } from './clusters/cluster-clients.ts';
import { currentCluster } from './clusters/current-cluster.ts';
import { plenumHome } from './clusters/plenum-home.ts';
import { duration } from './flags.ts';
import { JsonCommand } from './json-command.ts';
import { createProgress, type Progress } from './output/progress.ts';

export interface ClusterFlags {
  readonly cluster?: string | undefined;
  readonly timeout?: number | undefined;
  /** The time is for a wait of many answers. */
  readonly wait?: boolean;
}

export interface PlanFlags extends ClusterFlags {
  readonly json?: boolean | undefined;
  readonly 'dry-run'?: boolean | undefined;
}

/** How long commands with --wait wait when nothing is said. */
const DEFAULT_WAIT_MS = 15 * 60_000;
/** However short a wait, one answer may take this long: else a busy server would hide the reasons for waiting. */
const SHORTEST_ANSWER_MS = 5_000;
/** The default limit of the HTTP client. */
const LONGEST_ANSWER_MS = 30_000;

/** What the commands share that ask a cluster. */
export abstract class ClusterCommand extends JsonCommand {
  static override baseFlags = {
    ...JsonCommand.baseFlags,
    cluster: string({
      description: 'Name, id or URL of the cluster; default: PLENUM_CLUSTER, else the attached one',
      helpGroup: 'GLOBAL',
      helpValue: 'CLUSTER',
    }),
    timeout: duration({
      description: 'Give up after this time, such as 30s or 5m; default: 30s for an answer, 15m for a wait',
      helpGroup: 'GLOBAL',
      helpValue: 'TIME',
    }),
  };

  #plan: PlanFlags | undefined;
  #clients: ClusterClients | undefined;

  /** The same; with --dry-run the first change (of changeEach, all) is told instead of sent, and the command is over. */
  protected connectOrPlan(flags: PlanFlags): ClusterClients {
    if (!flags['dry-run']) return this.connect(flags);
    this.#plan = flags;
    return this.connect({ ...flags, isPlan: true });
  }

  protected override async catch(error: Error): Promise<void> {
    if (!(error instanceof PlannedCall) || this.#plan === undefined) throw await this.#explained(error);
    if (this.#plan.json) {
      const [first, ...others] = error.requests;
      const next = others.length > 0 ? { next: others.map(plannedJson) } : {};
      return this.printJson({ ...plannedJson(first), ...next });
    }
    for (const { method, url, body } of error.requests) {
      this.print(`Would send ${method} ${url}`);
      if (body !== undefined) this.print(JSON.stringify(JSON.parse(body), undefined, 2));
    }
    this.note('Nothing was changed');
  }

  /** The APIs of the cluster that is meant. Throws CliError when there is none. */
  protected connect({ isPlan, ...flags }: ClusterFlags & { readonly isPlan?: boolean }): ClusterClients {
    const { env, signal } = this.terminal;
    const { cluster: asked } = flags;
    const cluster = currentCluster({ home: plenumHome(env), env, asked });
    const timeoutMs =
      answerTimeout(flags) ??
      msOfSeconds(env.DCOS_TIMEOUT) ??
      msOfSeconds(cluster.settings?.['core.timeout']);
    this.#clients = clusterClients(cluster, { timeoutMs, signal, isPlan });
    return this.#clients;
  }

  async #explained(error: unknown): Promise<unknown> {
    if (this.#clients === undefined || !isNotFound(error)) return error;
    const [{ withSuggestion }, { explainPlainCluster }] = await Promise.all([
      import('./errors/suggest-name.ts'),
      import('./errors/explain-plain-cluster.ts'),
    ]);
    return withSuggestion(explainPlainCluster(error, this.#clients.cluster), this.#clients);
  }

  protected createProgress(): Progress {
    return createProgress(this.terminal.err, this.terminal.env);
  }

  /** When a wait that begins now is over, on the clock of `performance.now()`. */
  protected waitDeadline({ timeout = DEFAULT_WAIT_MS }: ClusterFlags): number {
    return performance.now() + timeout;
  }
}

const plannedJson = ({ method, url, body }: PlannedRequest): object => ({
  method,
  url,
  ...(body === undefined ? {} : { body: JSON.parse(body) }),
});

/** 0 is the default, and what is no number does not count. */
const msOfSeconds = (text = ''): number | undefined =>
  /^[1-9]\d{0,5}$/.test(text) ? Number(text) * 1_000 : undefined;

const answerTimeout = ({ timeout, wait }: ClusterFlags): number | undefined =>
  wait && timeout !== undefined
    ? Math.min(Math.max(timeout, SHORTEST_ANSWER_MS), LONGEST_ANSWER_MS)
    : timeout;
