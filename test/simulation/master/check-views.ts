import { isDeepStrictEqual } from 'node:util';
import { ClusterViews } from '../../../src/master/api/documents/cluster-views.ts';
import { Fragments } from '../../../src/master/api/documents/fragments.ts';
import { jsonBody } from '../../../src/master/api/documents/make-document.ts';
import { agentsJson, stateJson } from '../../../src/master/api/state-json.ts';
import type { MasterCore } from '../../../src/master/core/master-core.ts';
import type { MasterState } from '../../../src/master/core/state.ts';
import { FACTS, parsed } from '../../master/api/sample-state.ts';

/** Looking after every turn would take longer than all the rest. */
const TURNS_BETWEEN = 97;

/** What reads keep of a master from one time to the next. */
class Reader {
  readonly #views: ClusterViews;
  readonly #fragments = new Fragments();
  #turns = 0;

  constructor(state: MasterState) {
    this.#views = new ClusterViews(state);
  }

  get isDue(): boolean {
    return this.#turns++ % TURNS_BETWEEN === 0;
  }

  read(state: MasterState): unknown[] {
    const view = this.#views.take();
    return [
      parsed(jsonBody(stateJson(state, FACTS, view, this.#fragments))),
      parsed(jsonBody(agentsJson(view, this.#fragments, null))),
    ];
  }
}

const readers = new WeakMap<MasterState, Reader>();

/** What reads keep is what they would find if they looked at everything anew. */
export const checkViews = ({ state }: MasterCore): void => {
  const kept = readers.get(state) ?? new Reader(state);
  readers.set(state, kept);
  if (!kept.isDue) return;
  const [shown, anew] = [kept.read(state), new Reader(state).read(state)];
  if (isDeepStrictEqual(shown, anew)) return;
  throw new Error(`/state and /slaves show ${JSON.stringify(shown)} instead of ${JSON.stringify(anew)}`);
};
