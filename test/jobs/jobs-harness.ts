import { readJob } from '../../src/jobs/definitions/read-job.ts';
import type { JobsEngine } from '../../src/jobs/engine.ts';
import { runEngine } from '../../src/jobs/run-engine.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { type Random, seededRandom } from '../../src/runtime/random.ts';
import { VirtualClock } from '../../src/runtime/virtual-clock.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import type { Store } from '../../src/store/store.ts';
import { SimulatedMaster as Master, type SimulatedMaster } from '../marathon/core/simulated-master.ts';

const LATENCY_MS = 3;

/** A job of one command, as clients write it. */
export const jobDocument = (id: string, run: object = {}, more: object = {}): object => ({
  id,
  run: { cmd: 'true', cpus: 1, mem: 64, disk: 0, ...run },
  ...more,
});

/** The job service and a simulated master on virtual time; it can be killed at any moment and started again. */
export class JobsHarness {
  readonly clock = new VirtualClock(Date.UTC(2026, 0, 1));
  readonly random: Random;
  readonly master: SimulatedMaster;
  readonly #disk = memoryStore();
  /** Whether a call to the master gets lost. */
  isLost: () => boolean = () => false;
  #life: { isAlive: boolean; engine: JobsEngine } | undefined;

  constructor(seed = 1) {
    this.random = seededRandom(seed);
    this.master = new Master(this.clock, this.random);
  }

  get engine(): JobsEngine {
    if (!this.#life) throw new Error('The job service is not running');
    return this.#life.engine;
  }

  async start(): Promise<void> {
    const life = { isAlive: true };
    const running = runEngine({
      store: this.#store(life),
      clock: {
        now: () => this.clock.now(),
        setTimer: (delayMs, action) => this.clock.setTimer(delayMs, () => life.isAlive && action()),
      },
      random: this.random,
      log: silentLog,
      url: 'http://127.0.0.1:9000',
      connect: (line) => {
        let isConnected = false;
        this.clock.setTimer(LATENCY_MS, () => {
          if (!life.isAlive) return;
          isConnected = true;
          this.master.subscribe({
            roles: line.frameworkInfo.roles ?? [],
            suppressedRoles: line.suppressedRoles ?? [],
            listener: (event) => life.isAlive && void line.onEvent(event),
          });
        });
        return {
          get isConnected() {
            return isConnected;
          },
          frameworkId: this.master.frameworkId,
          call: (call) => {
            const copy = structuredClone(call);
            const isLost = !life.isAlive || !isConnected || this.isLost();
            return new Promise((resolve, reject) => {
              this.clock.setTimer(LATENCY_MS, () => {
                if (isLost) return reject(new Error('The line broke'));
                this.master.take(copy);
                resolve();
              });
            });
          },
          close: async () => undefined,
        };
      },
    });
    this.#life = Object.assign(life, { engine: running.engine });
    await this.settle();
  }

  /** Dies on the spot; a write under way is kept or not. */
  crash(): void {
    if (this.#life) this.#life.isAlive = false;
    this.#life = undefined;
    this.master.disconnect();
  }

  async pass(ms: number): Promise<void> {
    const endMs = this.clock.now() + ms;
    await this.settle();
    for (;;) {
      const nextMs = this.clock.untilNext();
      if (nextMs === undefined || this.clock.now() + nextMs > endMs) break;
      this.clock.advance(nextMs);
      await this.settle();
    }
    this.clock.advance(endMs - this.clock.now());
    await this.settle();
  }

  async settle(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
  }

  async add(document: object): Promise<void> {
    const { job, schedules } = await readJob(document, this.clock.now());
    await this.answer(this.engine.change({ type: 'add-job', job, schedules }));
  }

  async run(jobId: string): Promise<string> {
    return (await this.answer(this.engine.change({ type: 'start-run', jobId, override: {} }))) ?? '';
  }

  /** Waits for what is answered when its writes are done, which takes virtual time. */
  async answer<Value>(promise: Promise<Value>): Promise<Value> {
    promise.catch(() => undefined);
    await this.pass(10);
    return promise;
  }

  /** The tasks that run at the moment end. */
  end(state: 'TASK_FINISHED' | 'TASK_FAILED'): void {
    for (const { info } of this.master.runningTasks()) this.master.change(info.task_id.value, state);
  }

  #store(life: { isAlive: boolean }): Store {
    const disk = this.#disk;
    return {
      get: (key) => disk.get(key),
      range: (prefix) => disk.range(prefix),
      within: (prefix) => disk.within(prefix),
      write: (changes) =>
        new Promise((resolve) => {
          this.clock.setTimer(1, () => {
            if (!life.isAlive) return;
            void disk.write(changes).then(resolve);
          });
        }),
    };
  }
}
