import type { Random } from '../../runtime/random.ts';
import type { VirtualClock } from '../../runtime/virtual-clock.ts';

/** A stream from the master to an agent or a scheduler. */
export interface Connection<Event> {
  readonly id: string;
  /** Nobody hears anything any more, and nobody is told. */
  isBlackhole: boolean;
  isOpen: boolean;
  /** Towards the one who subscribed; in order. */
  send(event: Event): void;
  /** Both ends hear of it in a while. */
  close(): void;
}

const LONGEST_DELAY_MS = 20;

interface Ends<Event> {
  onEvent: (event: Event) => void;
  onMasterClose: () => void;
  onPeerClose: () => void;
}

/** Everything that travels takes a while; what travels on a connection stays in order. */
export class Network {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly #longestDelayMs: number;

  constructor(clock: VirtualClock, random: Random, longestDelayMs = LONGEST_DELAY_MS) {
    this.clock = clock;
    this.random = random;
    this.#longestDelayMs = longestDelayMs;
  }

  delayMs(): number {
    return 1 + Math.floor(this.random.next() * this.#longestDelayMs);
  }

  connect<Event>(id: string, { onEvent, onMasterClose, onPeerClose }: Ends<Event>): Connection<Event> {
    let lastMs = 0;
    const later = (action: () => void): void => {
      lastMs = Math.max(lastMs, this.clock.now() + this.delayMs());
      this.clock.setTimer(lastMs - this.clock.now(), action);
    };
    const connection: Connection<Event> = {
      id,
      isBlackhole: false,
      isOpen: true,
      send: (event) => {
        if (!connection.isOpen) return;
        later(() => {
          if (!connection.isBlackhole) onEvent(event);
        });
      },
      close: () => {
        if (!connection.isOpen) return;
        connection.isOpen = false;
        later(() => {
          onMasterClose();
          if (!connection.isBlackhole) onPeerClose();
        });
      },
    };
    return connection;
  }
}
