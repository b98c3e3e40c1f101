import { Config } from '@oclif/core/config';
import type { Terminal } from './output/terminal.ts';

type Hook = Config['runHook'];

/** The program's package.json. */
export type ProgramFacts = Config['pjson'];

/**
 * oclif's description of the program, not loaded: a command needs nothing of what `load()` gathers from the manifest,
 * which costs as much time as all the rest of a start. Only help loads it.
 */
export class CliConfig extends Config {
  readonly terminal: Terminal;
  readonly #facts: { readonly root: string; readonly pjson: ProgramFacts };

  constructor(options: { root: string; pjson: ProgramFacts; terminal: Terminal }) {
    const { root, pjson, terminal } = options;
    super({ root, pjson });
    this.#facts = { root, pjson };
    this.terminal = terminal;
    this.bin = pjson.oclif.bin ?? pjson.name;
    this.version = pjson.version;
  }

  /** The same program at another terminal. */
  at(terminal: Terminal): CliConfig {
    return new CliConfig({ ...this.#facts, terminal });
  }

  /** Loads what help needs, with what is to be said of topics. */
  async describe(topics: Readonly<Record<string, { readonly description: string }>>): Promise<void> {
    const pjson = this.options.pjson;
    if (pjson) pjson.oclif.topics = { ...topics };
    await this.load();
  }

  /** The program has no hooks; oclif would look for them in plugins that only loading finds. */
  override runHook: Hook = async () => ({ failures: [], successes: [] });
}
