import { readApp } from '../marathon/definitions/read-app.ts';
import { InvalidDocument } from '../marathon/definitions/violation.ts';
import { allocatorOptions, buildSettings } from '../master/build-settings.ts';
import { agentKey } from '../master/core/registry.ts';
import { silentLog } from '../runtime/log.ts';
import { type Random, seededRandom } from '../runtime/random.ts';
import { VirtualClock } from '../runtime/virtual-clock.ts';
import { memoryStore } from '../store/memory-store.ts';
import type { OpenStore } from '../store/store.ts';
import { Network } from './harness/network.ts';
import { SimulatedMaster } from './harness/simulated-master.ts';
import { Ledger } from './report/ledger.ts';
import { Recorder } from './report/recorder.ts';
import { makeReport, type Report } from './report/report.ts';
import type { Scenario } from './scenario/scenario.ts';
import { ScenarioError } from './scenario/scenario-error.ts';
import { AgentPool, placeOf } from './world/agent-pool.ts';
import { AllocationLog, MeasuredAllocator } from './world/measured-allocator.ts';
import { playTimeline, type Stage } from './world/play-timeline.ts';
import { VirtualFramework } from './world/virtual-framework.ts';
import { type ReadApp, VirtualMarathon } from './world/virtual-marathon.ts';
import type { TaskLife, World } from './world/world.ts';

const USUAL_LIFE: TaskLife = { startupMs: 100, lengthMs: undefined };
/** So long, at most, nobody else gets a turn in this process. */
const SLICE_MS = 40;

export interface SimulationOptions {
  /** Ends it early; what is there by then is reported. */
  readonly signal?: AbortSignal;
  /** Called now and then with the virtual milliseconds that have passed. */
  readonly onProgress?: (elapsedMs: number) => void;
}

/** Runs a scenario from its beginning to its end. Throws ScenarioError for apps that Marathon would refuse. */
export const runSimulation = async (
  scenario: Scenario,
  { signal, onProgress }: SimulationOptions = {},
): Promise<Report> => {
  const apps = await readApps(scenario);
  const beganMs = performance.now();
  const log = new AllocationLog(scenario.master.decisionMsPerAgent);
  const stage = setUp(scenario, log);
  const { world } = stage;
  const recorder = new Recorder(stage);
  const refusal = begin(stage, scenario, apps);
  let events = 0;
  let peakHeapBytes = 0;
  const isOver = (): boolean => signal?.aborted === true;
  const endMs = world.clock.now() + scenario.untilMs;
  for (let pointMs = world.clock.now(); !isOver(); pointMs += scenario.sampleMs) {
    const targetMs = Math.min(pointMs, endMs);
    for (let isDone = false; !isDone && !isOver(); ) {
      const sliceEndMs = performance.now() + SLICE_MS;
      while (!isDone && performance.now() < sliceEndMs) {
        if (world.clock.fireNext(targetMs)) events++;
        else isDone = true;
      }
      if (!isDone) {
        onProgress?.(world.elapsedMs());
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    const refused = refusal();
    if (refused !== undefined)
      throw new ScenarioError(scenario.name, [{ path: '/marathon/apps', message: refused }]);
    if (isOver()) break;
    world.clock.advance(targetMs - world.clock.now());
    recorder.sample();
    peakHeapBytes = Math.max(peakHeapBytes, process.memoryUsage().heapUsed);
    if (targetMs >= endMs) break;
  }
  if (isOver()) recorder.sample();
  const realSeconds = (performance.now() - beganMs) / 1_000;
  return makeReport({
    scenario,
    stage,
    recorder,
    log,
    events,
    realSeconds,
    peakHeapBytes,
    isInterrupted: isOver(),
  });
};

const setUp = (scenario: Scenario, log: AllocationLog): Stage => {
  const clock = new VirtualClock();
  const startMs = clock.now();
  const random = (name: string): Random => seededRandom(seedOf(scenario.seed, name));
  const network = new Network(clock, random('network'), scenario.longestDelayMs);
  const store = memoryStore();
  admitKnownAgents(store, scenario);
  const { decisionMsPerAgent: _decision, ...flags } = scenario.master;
  const settings = buildSettings(
    { flags, version: '1.11.0', store, clock, random: random('master'), log: silentLog },
    5050,
  );
  const master: SimulatedMaster = new SimulatedMaster({
    network,
    settings,
    store,
    busyUntilMs: () => log.busyUntilMs,
    createAllocator: () =>
      new MeasuredAllocator(
        allocatorOptions({ random: random('allocator') }, settings),
        log,
        () => master.state.agents.size,
      ),
  });
  const world: World = {
    clock,
    network,
    master,
    ledger: new Ledger(),
    lives: new Map(),
    usualLife: scenario.marathon
      ? { startupMs: scenario.marathon.startupMs, lengthMs: undefined }
      : USUAL_LIFE,
    elapsedMs: () => clock.now() - startMs,
    random,
  };
  const pool = new AgentPool(world, scenario.agents);
  const frameworks = scenario.frameworks.map(
    (plan) =>
      new VirtualFramework(world, plan, (agentId) => {
        const agent = pool.known(agentId);
        return agent && placeOf(agent);
      }),
  );
  const marathon =
    scenario.marathon && new VirtualMarathon(world, scenario.marathon, (host) => pool.isUp(host));
  return { world, pool, frameworks, marathon };
};

/** A master that begins with a cluster that was there is one that was started anew: its registry knows the agents. */
const admitKnownAgents = (store: OpenStore, { agents }: Scenario): void => {
  const changes = agents.flatMap(({ id, hostname, resources, attributes }) =>
    id === undefined
      ? []
      : [
          {
            key: agentKey(id),
            value: {
              info: { id: { value: id }, hostname, resources: [...resources], attributes: [...attributes] },
              isDeactivated: false,
            },
          },
        ],
  );
  // The store of a simulation writes at once.
  void store.write(changes);
};

/** Sets everybody going. What comes back says, in a while, why Marathon refuses the apps. */
const begin = (stage: Stage, scenario: Scenario, apps: readonly ReadApp[]): (() => string | undefined) => {
  const { pool, frameworks, marathon } = stage;
  for (const framework of frameworks) {
    const { id, running } = framework.plan;
    if (id === undefined) continue;
    for (const { taskId, agentId, kind, resources } of running) {
      const info = {
        name: kind.name,
        task_id: { value: taskId },
        agent_id: { value: agentId },
        resources: [...resources],
      };
      pool.known(agentId)?.tasks.adopt(info, { ...framework.info(), id: { value: id } });
    }
  }
  playTimeline(stage, scenario);
  for (const framework of frameworks) framework.start();
  let refusal: string | undefined;
  marathon?.start(apps, (message) => {
    refusal = message;
  });
  pool.start();
  return () => refusal;
};

/** By the schema of apps; what makes no sense beyond that is found when they are deployed. */
const readApps = async ({ marathon, name }: Scenario): Promise<ReadApp[]> =>
  Promise.all(
    (marathon?.apps ?? []).map(async (app, index) => {
      try {
        return await readApp(app);
      } catch (error) {
        if (!(error instanceof InvalidDocument)) throw error;
        throw new ScenarioError(
          name,
          error.violations.map(({ path, message }) => ({
            path: `/marathon/apps/${index}${path === '/' ? '' : path}`,
            message,
          })),
        );
      }
    }),
  );

/** A number of 32 bits that is another one for every name (FNV-1a). */
const seedOf = (seed: number, name: string): number => {
  let hash = 0x811c9dc5 ^ seed;
  for (let index = 0; index < name.length; index++) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
};
