import type { Clock } from '../../runtime/clock.ts';
import type { ProcessIdentity } from '../core/state.ts';
import type { HostPrograms } from '../processes/host-programs.ts';
import { TerminalContainer } from './terminal-container.ts';

export interface TerminalContainersOptions {
  readonly programs: HostPrograms;
  readonly clock: Clock;
}

/** The containers with a terminal to which somebody is attached. */
export class TerminalContainers {
  readonly #options: TerminalContainersOptions;
  readonly #attached = new Map<string, TerminalContainer>();

  constructor(options: TerminalContainersOptions) {
    this.#options = options;
  }

  /** Undefined for one whose command does not run (any more). */
  at(container: {
    readonly id: string;
    readonly sandbox: string;
    readonly process: ProcessIdentity | undefined;
  }): TerminalContainer | undefined {
    const { id, sandbox, process } = container;
    if (!process) return undefined;
    const known = this.#attached.get(id);
    if (known) return known;
    const attached = new TerminalContainer({ ...this.#options, process, sandbox });
    this.#attached.set(id, attached);
    void attached.over.then(() => this.#attached.delete(id));
    return attached;
  }
}
