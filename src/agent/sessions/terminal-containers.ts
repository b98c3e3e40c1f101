import type { Clock } from '../../runtime/clock.ts';
import type { ProcessIdentity } from '../core/state.ts';
import type { HostPrograms } from '../processes/host-programs.ts';
import { TerminalContainer } from './terminal-container.ts';

export interface TerminalContainersOptions {
  /** Where the pipes lie that lead to the terminals, named after the containers. */
  readonly inputFile: (containerId: string) => string;
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
    const { inputFile, programs, clock } = this.#options;
    const attached = new TerminalContainer({ process, sandbox, inputFile: inputFile(id), programs, clock });
    this.#attached.set(id, attached);
    void attached.over.then(() => this.#attached.delete(id));
    return attached;
  }
}
