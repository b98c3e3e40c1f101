import { describe, expect, it } from 'vitest';
import { instanceIdOf } from '../../src/marathon/core/ids.ts';
import type { AppDefinition } from '../../src/marathon/definitions/app.ts';
import { putApp, type RootGroup, removeApp } from '../../src/marathon/groups/root-group.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import { appOf } from '../marathon/core/app-of.ts';
import { EngineHarness } from '../marathon/core/engine-harness.ts';

const SEEDS = Array.from({ length: Number(process.env.SIMULATION_SEEDS ?? 40) }, (_, index) => index + 1);
const STEPS = 60;
const AGENTS = 4;
const APP_IDS = ['/a', '/b', '/g/c', '/g/d'];

/** A world in which everything may go wrong, and the list of what the API accepted. */
class World {
  readonly harness: EngineHarness;
  readonly random: ReturnType<typeof seededRandom>;
  /** The apps as of the last update that was accepted. */
  accepted: ReadonlyMap<string, AppDefinition> = new Map();
  isFaulty = true;
  #isRunning = false;

  constructor(seed: number) {
    this.random = seededRandom(seed);
    this.harness = new EngineHarness({
      seed: seed + 1000,
      fate: () => {
        if (!this.isFaulty) return 'taken';
        const chance = this.random.next();
        return chance < 0.03 ? 'lost' : chance < 0.06 ? 'answer-lost' : 'taken';
      },
      writeLatencyMs: () => 1 + Math.floor(this.random.next() * 5),
    });
    this.harness.master.behaviour = () => {
      if (!this.isFaulty) return 'run';
      const chance = this.random.next();
      return chance < 0.05 ? 'fail' : chance < 0.07 ? 'error' : 'run';
    };
    for (let index = 0; index < AGENTS; index++) {
      this.harness.master.addAgent({
        id: `agent-${index}`,
        attributes: [{ name: 'rack', type: 'TEXT', text: { value: `r${index % 2}` } }],
      });
    }
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[Math.floor(this.random.next() * items.length)];
    if (item === undefined) throw new Error('There is nothing to pick from');
    return item;
  }

  async step(): Promise<void> {
    const { harness } = this;
    if (!this.#isRunning) await this.start();
    const chance = this.random.next();
    if (chance < 0.4) await this.change();
    else if (chance < 0.5) this.crash();
    else if (chance < 0.56) harness.disconnect();
    else if (chance < 0.6) harness.restartMaster();
    else if (chance < 0.7) harness.master.loseAgent(`agent-${Math.floor(this.random.next() * AGENTS)}`);
    else if (chance < 0.8) harness.master.returnAgent(`agent-${Math.floor(this.random.next() * AGENTS)}`);
    else if (chance < 0.9) this.failTask();
    else await this.killInstance();
    await this.passWatched(Math.floor(this.random.next() * 4000));
  }

  async start(): Promise<void> {
    await this.harness.start();
    this.#isRunning = true;
  }

  crash(): void {
    this.harness.crash();
    this.#isRunning = false;
  }

  /** Changes an app, and crashes at times before it is answered. */
  async change(): Promise<void> {
    const id = this.pick(APP_IDS);
    const former = this.harness.engine.root.apps.get(id);
    const change = (root: RootGroup): RootGroup => {
      if (former && this.random.next() < 0.2) return removeApp(root, id);
      return putApp(root, this.appFrom(id, former));
    };
    let outcome: 'accepted' | 'refused' | undefined;
    const { engine } = this.harness;
    engine.updateRoot({ force: this.random.next() < 0.5, change }).then(
      () => {
        outcome = 'accepted';
        this.accepted = engine.root.apps;
      },
      () => {
        outcome = 'refused';
      },
    );
    if (this.random.next() < 0.1) {
      await this.harness.pass(Math.floor(this.random.next() * 6));
      // What was on its way may have become durable or not; either is right as long as nobody was told.
      this.crash();
      await this.start();
      this.accepted = outcome === 'accepted' ? this.accepted : this.harness.engine.root.apps;
      return;
    }
    while (outcome === undefined) await this.harness.pass(1);
  }

  appFrom(id: string, former: AppDefinition | undefined): AppDefinition {
    const isScaled = former !== undefined && this.random.next() < 0.5;
    return appOf({
      id,
      cpus: 0.5,
      cmd: isScaled ? (former.cmd ?? '') : `sleep ${Math.floor(this.random.next() * 1e6)}`,
      instances: Math.floor(this.random.next() * 6),
      constraints: id === '/b' ? [['hostname', 'MAX_PER', '4']] : [],
      dependencies: id === '/g/d' ? ['/g/c'] : [],
      upgradeStrategy: {
        minimumHealthCapacity: id === '/a' ? 0.5 : 1,
        maximumOverCapacity: id === '/a' ? 0 : 0.5,
      },
      unreachableStrategy:
        id === '/g/c'
          ? { inactiveAfterSeconds: 20, expungeAfterSeconds: 60 }
          : { inactiveAfterSeconds: 0, expungeAfterSeconds: 0 },
    });
  }

  failTask(): void {
    const running = this.harness.master.runningTasks();
    if (running.length > 0) this.harness.master.change(this.pick(running).info.task_id.value, 'TASK_FAILED');
  }

  async killInstance(): Promise<void> {
    const { engine } = this.harness;
    const instances = APP_IDS.flatMap((id) => engine.instances(id));
    if (instances.length === 0) return;
    await this.harness.answer(
      engine.killInstances({ instanceIds: [this.pick(instances).id], wipe: this.random.next() < 0.3 }),
    );
  }

  /** Lets time pass and looks again and again whether an instance has two tasks. */
  async passWatched(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 200) {
      await this.harness.pass(Math.min(200, ms - passed));
      this.assertNothingDoubled();
    }
  }

  assertNothingDoubled(): void {
    const seen = new Map<string, string>();
    for (const { info } of this.harness.master.runningTasks()) {
      const instance = instanceIdOf(info.task_id.value) ?? '';
      const other = seen.get(instance);
      if (other) throw new Error(`${instance} has two tasks: ${other} and ${info.task_id.value}`);
      seen.set(instance, info.task_id.value);
    }
  }

  /** Everything that went wrong is over. */
  async calm(): Promise<void> {
    this.isFaulty = false;
    if (!this.#isRunning) await this.start();
    for (let index = 0; index < AGENTS; index++) this.harness.master.returnAgent(`agent-${index}`);
  }
}

describe('marathon in a world of faults', () => {
  it.each(SEEDS)('loses nothing, doubles nothing, and ends every deployment (seed %i)', async (seed) => {
    const world = new World(seed);
    const { harness } = world;
    for (let step = 0; step < STEPS; step++) await world.step();
    await world.calm();
    await harness.until('all deployments end', () => harness.engine.deployments().length === 0, {
      timeoutMs: 2_000_000,
      stepMs: 500,
    });
    // Long enough for a reconciliation, which finds tasks that nobody knows.
    await harness.pass(700_000);
    await harness.until('all instances run', () => harness.engine.queue().length === 0);

    expect(harness.engine.root.apps).toEqual(world.accepted);
    for (const id of APP_IDS) {
      const app = harness.engine.root.apps.get(id);
      const tasks = harness.master
        .runningTasks()
        .filter(({ info }) => info.task_id.value.startsWith(`${id.slice(1).replaceAll('/', '_')}.`));
      expect(tasks.map(({ info }) => info.command?.value)).toEqual(
        Array.from({ length: app?.instances ?? 0 }, () => app?.cmd),
      );
      expect(
        harness.engine
          .instances(id)
          .map(({ task }) => task?.id)
          .sort(),
      ).toEqual(tasks.map(({ info }) => info.task_id.value).sort());
    }
  });
});
