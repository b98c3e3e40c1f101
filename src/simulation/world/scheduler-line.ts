import type { FrameworkInfo } from '../../mesos/generated/mesos.ts';
import type { Call, Event } from '../../mesos/generated/scheduler.ts';
import type { SchedulerCall } from '../../sdk/scheduler-connection.ts';
import type { Connection } from '../harness/network.ts';
import type { World } from './world.ts';

const FIRST_ATTEMPT_WITHIN_MS = 50;
const RETRY_MS = 1_000;

export interface SchedulerLineOptions {
  readonly world: World;
  readonly name: string;
  /** As it is to be at the moment; the line fills in the id. */
  readonly frameworkInfo: () => FrameworkInfo;
  readonly suppressedRoles: () => readonly string[];
  /** Of a framework that a master knew before. */
  readonly frameworkId?: string;
  readonly onEvent: (event: Event) => void;
  readonly onClosed?: () => void;
}

/** A virtual scheduler's line to the master: subscribes, and subscribes again when it breaks. */
export class SchedulerLine {
  readonly #options: SchedulerLineOptions;
  #connection: Connection<Event> | undefined;
  #frameworkId: string | undefined;
  /** When the last call arrives: they keep their order. */
  #lastCallMs = 0;

  constructor(options: SchedulerLineOptions) {
    this.#options = options;
    this.#frameworkId = options.frameworkId;
  }

  get frameworkId(): string | undefined {
    return this.#frameworkId;
  }

  open(): void {
    const { world, name } = this.#options;
    this.#connectIn(Math.floor(world.random(`line ${name}`).next() * FIRST_ATTEMPT_WITHIN_MS));
  }

  /** Sends a call; false when there is no line. */
  send(call: SchedulerCall): boolean {
    const { network, clock, master } = this.#options.world;
    const connection = this.#connection;
    const frameworkId = this.#frameworkId;
    if (!connection?.isOpen || frameworkId === undefined) return false;
    const full = { ...call, framework_id: { value: frameworkId } } as Call;
    this.#lastCallMs = Math.max(this.#lastCallMs, clock.now() + network.delayMs());
    clock.setTimer(this.#lastCallMs - clock.now(), () =>
      master.schedulerCall(connection.id, frameworkId, full),
    );
    return true;
  }

  #connectIn(delayMs: number): void {
    const { world, frameworkInfo, suppressedRoles, onEvent, onClosed } = this.#options;
    world.clock.setTimer(delayMs, () => {
      const info = frameworkInfo();
      const id = this.#frameworkId;
      const connection = world.master.subscribeScheduler(
        {
          framework_info: id === undefined ? info : { ...info, id: { value: id } },
          suppressed_roles: [...suppressedRoles()],
        },
        {
          onEvent: (event) => {
            if (connection !== this.#connection) return;
            if (event.type === 'SUBSCRIBED') this.#frameworkId = event.subscribed.framework_id.value;
            onEvent(event);
          },
          onClose: () => {
            if (connection !== this.#connection) return;
            this.#connection = undefined;
            onClosed?.();
            this.#connectIn(RETRY_MS);
          },
        },
      );
      if (connection) this.#connection = connection;
      else this.#connectIn(RETRY_MS);
    });
  }
}
