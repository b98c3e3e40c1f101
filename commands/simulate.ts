import { writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { boolean, string } from '@oclif/core/flags';
import { optionalArgument } from '../src/cli/arguments.ts';
import { ClusterCommand, type ClusterFlags } from '../src/cli/cluster-command.ts';
import { parseAssignments } from '../src/cli/documents/assignments.ts';
import { readSource } from '../src/cli/documents/read-source.ts';
import { CliError, interruption } from '../src/cli/errors/cli-error.ts';
import { count } from '../src/cli/flags.ts';
import { loadSimulator } from '../src/cli/run-program.ts';
import { errorMessage } from '../src/runtime/error-message.ts';
import type * as Simulation from '../src/simulation/program.ts';

type Simulator = typeof Simulation;
type LoadOptions = Parameters<Simulator['loadScenario']>[0];
type Scenario = Parameters<Simulator['runSimulation']>[0];
type Report = Awaited<ReturnType<Simulator['runSimulation']>>;

interface SimulateFlags extends ClusterFlags {
  readonly from?: string | undefined;
  readonly 'from-cluster': boolean;
  readonly kill?: readonly string[] | undefined;
  readonly drain?: readonly string[] | undefined;
  readonly set?: readonly string[] | undefined;
  readonly seed?: number | undefined;
  readonly until?: string | undefined;
}

const several = (description: string, helpValue: string) =>
  string({ description, multiple: true, multipleNonGreedy: true, helpValue });

export default class Simulate extends ClusterCommand {
  static override summary = 'Simulate a cluster under a load, or what becomes of one that is there';
  static override description =
    `Runs the master's and Marathon's own logic on virtual time, against agents and frameworks that a scenario
describes: a YAML file, or the name of a scenario that comes with Plenum (--list). Says who got how much and how
fairly, how long launches took, what moved, and what found no place and why. With --from-cluster the cluster is the
beginning: "what if this rack dies?".`;
  static override examples = [
    '<%= config.bin %> simulate --list',
    '<%= config.bin %> simulate rack-failure',
    '<%= config.bin %> simulate scenario.yaml --set agents.node.count=100 --seed 7 --output series.csv',
    '<%= config.bin %> simulate --from-cluster --kill rack=r1',
    '<%= config.bin %> simulate --from state.json --kill "hostname=web-*" --json',
  ];
  static override args = {
    scenario: optionalArgument(
      'File or URL of a scenario, - for standard input, or a name of --list; with --from-cluster also the URL of the cluster',
    ),
  };
  static override flags = {
    list: boolean({ description: 'List the scenarios that come with Plenum' }),
    from: string({ description: "File with a master's /state to begin with", helpValue: 'FILE' }),
    'from-cluster': boolean({ description: 'Begin with what the cluster runs now', default: false }),
    kill: several('These agents lose power after a minute: attribute=value or hostname=glob', 'AGENTS'),
    drain: several('These agents are drained after a minute', 'AGENTS'),
    set: several('A value in the place of one of the scenario: agents.node.count=100', 'KEY=VALUE'),
    seed: count({ description: 'In the place of the scenario’s', helpValue: 'NUMBER' }),
    until: string({ description: 'Virtual time at which it ends, such as 10m or 2h', helpValue: 'TIME' }),
    output: string({
      description: 'Write the series to this file, as CSV or JSON by its name',
      helpValue: 'FILE',
    }),
  };

  async run(): Promise<void> {
    const { flags, args } = await this.parse(Simulate);
    const simulator = loadSimulator<Simulator>();
    if (flags.list) return this.#list(simulator, flags.json);
    const report = await this.#explained(simulator, async () =>
      this.#simulate(simulator, await this.#load(simulator, args.scenario, flags)),
    );
    if (flags.output !== undefined) await writeSeries(simulator, report, flags.output);
    if (flags.json) this.printJson(report);
    else await this.#printSections(simulator, report);
    if (report.scenario.isInterrupted) throw interruption('This is what there was by then');
  }

  async #list({ bundledScenarios }: Simulator, isJson: boolean | undefined): Promise<void> {
    const scenarios = bundledScenarios().map(({ name, about }) => ({ name, about }));
    if (isJson) return this.printJson(scenarios);
    await this.printTable(
      [
        { heading: 'NAME', value: ({ name }) => name },
        { heading: 'ABOUT', value: ({ about }) => about, isCut: true },
      ],
      scenarios,
    );
  }

  async #load(simulator: Simulator, given: string | undefined, flags: SimulateFlags): Promise<Scenario> {
    const isCluster = flags['from-cluster'] && given !== undefined && /^https?:\/\//.test(given);
    const name = isCluster ? undefined : given;
    const hasBeginning = flags['from-cluster'] || flags.from !== undefined;
    if (name === undefined && !hasBeginning) {
      throw new CliError('usage', 'There is nothing to simulate', {
        hint: 'Name a scenario, or --from-cluster; plenum simulate --list shows scenarios',
      });
    }
    const bundled = simulator.bundledScenarios().find((one) => one.name === name)?.source;
    const source = bundled ?? (name === undefined ? undefined : await readSource(name, this.terminal));
    const situation = await this.#situation(flags, isCluster ? given : undefined);
    return simulator.loadScenario({
      ...(source && { source }),
      ...(situation && { situation }),
      assignments: assignmentsOf(flags),
      strikes: (['kill', 'drain'] as const).flatMap((type) =>
        (flags[type] ?? []).map((selector) => ({ type, selector })),
      ),
      readFile: async (path) => {
        const folder = name === undefined || /^https?:\/\//.test(name) ? '.' : dirname(name);
        return (await readSource(resolve(folder, path), this.terminal)).text;
      },
    });
  }

  async #situation(flags: SimulateFlags, url: string | undefined): Promise<LoadOptions['situation']> {
    if (flags.from !== undefined) {
      const { name, text } = await readSource(flags.from, this.terminal);
      try {
        return { name, state: JSON.parse(text) };
      } catch (error) {
        throw new CliError('failed', `${name}: this is no JSON: ${errorMessage(error)}`, { cause: error });
      }
    }
    if (!flags['from-cluster']) return undefined;
    const clients = this.connect(url === undefined ? flags : { ...flags, cluster: url });
    const [state, roles] = await Promise.all([clients.mesos.getState(), clients.mesos.getRoles()]);
    // Constraints are Marathon's to know; a cluster may do without one.
    const apps = await clients.marathon.getApps().catch(() => []);
    return { name: clients.cluster.url, state, roles: { roles }, apps };
  }

  async #simulate({ runSimulation }: Simulator, scenario: Scenario): Promise<Report> {
    const progress = this.createProgress();
    // Where lines stay, a few of them are enough.
    const step = this.terminal.err.isTty ? 1 : 10;
    const percentOf = (ms: number): string => `${Math.floor((100 * ms) / scenario.untilMs / step) * step} %`;
    progress.say(`simulating ${scenario.name}`);
    try {
      return await runSimulation(scenario, {
        signal: this.terminal.signal,
        onProgress: (ms) => progress.say(`simulating ${scenario.name}: ${percentOf(ms)}`),
      });
    } finally {
      progress.stop();
    }
  }

  async #printSections({ reportSections }: Simulator, report: Report): Promise<void> {
    const hasSparklines = this.terminal.out.isTty;
    for (const [index, { title, columns, rows }] of reportSections(report, { hasSparklines }).entries()) {
      this.print(`${index === 0 ? '' : '\n'}${title}`);
      await this.printTable(
        columns.map((column, place) => ({ ...column, value: (row: readonly string[]) => row[place] })),
        rows,
      );
    }
  }

  /** What is wrong with a scenario is said as it is of every other document. */
  async #explained<Result>(simulator: Simulator, action: () => Promise<Result>): Promise<Result> {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof simulator.ScenarioError)) throw error;
      const [first = '', ...details] = error.message.split('\n');
      throw new CliError('failed', first, { details, cause: error });
    }
  }
}

const assignmentsOf = ({ set = [], seed, until }: SimulateFlags): NonNullable<LoadOptions['assignments']> => [
  ...parseAssignments(set),
  ...(seed === undefined ? [] : [{ path: ['seed'], value: seed }]),
  ...(until === undefined ? [] : [{ path: ['until'], value: until }]),
];

const writeSeries = async ({ seriesCsv }: Simulator, { series }: Report, file: string): Promise<void> => {
  try {
    await writeFile(file, /\.csv$/i.test(file) ? seriesCsv(series) : `${JSON.stringify(series)}\n`);
  } catch (error) {
    throw new CliError('failed', `${file} cannot be written: ${errorMessage(error)}`, { cause: error });
  }
};
