import { setTimeout as pause } from 'node:timers/promises';
import { boolean, option } from '@oclif/core/flags';
import { ClusterCommand } from '../src/cli/cluster-command.ts';
import { CliError } from '../src/cli/errors/cli-error.ts';
import { duration } from '../src/cli/flags.ts';
import { createPaint } from '../src/cli/output/paint.ts';
import { systemRawTerminal } from '../src/cli/output/raw-terminal.ts';
import { canAsk } from '../src/cli/output/terminal.ts';
import { renderTop } from '../src/cli/top/render-top.ts';
import { runTop } from '../src/cli/top/run-top.ts';
import { takeSample } from '../src/cli/top/take-sample.ts';
import { SORT_KEYS, topView } from '../src/cli/top/top-view.ts';

const DEFAULT_INTERVAL_MS = 2_000;

export default class Top extends ClusterCommand {
  static override summary =
    'Watch on the whole screen what the cluster has given away, and what its tasks use';
  static override description =
    `Keys: c, m, n, a choose the order (cpu, mem, name, age), the arrows go on to further rows, q ends. Where there is no
terminal it is printed once, measured over one interval.`;
  static override examples = [
    '<%= config.bin %> top',
    '<%= config.bin %> top --sort mem',
    '<%= config.bin %> top --once',
  ];
  static override flags = {
    sort: option({ description: 'The order of tasks', options: SORT_KEYS, default: 'cpu' as const })(),
    interval: duration({ description: 'How often it is drawn; default: 2s', helpValue: 'TIME' }),
    once: boolean({ description: 'Print it once, without taking the screen' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Top);
    const { cluster, mesos, agentMonitor } = this.connect(flags);
    const { terminal } = this;
    const { sort, interval: intervalMs = DEFAULT_INTERVAL_MS } = flags;
    const sample = (signal: AbortSignal) => takeSample({ mesos, agentMonitor }, signal);
    const isOnce = flags.once || flags.json || !terminal.out.isTty;
    const paint = await createPaint(terminal.out.hasColor);
    if (!isOnce) {
      if (!canAsk(terminal))
        throw new CliError('usage', 'There is no terminal to type at', { hint: 'Use --once' });
      const options = { clusterName: cluster.name, sample, intervalMs, sort, paint };
      await runTop({
        ...options,
        terminal: systemRawTerminal(),
        keys: terminal.stdin,
        signal: terminal.signal,
      });
      return;
    }
    const before = await sample(terminal.signal);
    await pause(intervalMs, undefined, { signal: terminal.signal });
    const view = topView(await sample(terminal.signal), { before, sort, nowMs: Date.now() });
    if (flags.json) return this.printJson(view);
    const frame = { clusterName: cluster.name, view, sort, from: 0, problem: undefined };
    this.print(renderTop(frame, { output: terminal.out, rows: Number.POSITIVE_INFINITY, paint }));
  }
}
