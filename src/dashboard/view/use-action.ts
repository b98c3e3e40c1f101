import { useState } from 'preact/hooks';
import type { ServerError } from '../model/server-error.ts';
import { asServerError } from './use-live.ts';

export interface Action {
  readonly isBusy: boolean;
  readonly problem: ServerError | undefined;
  /** Does something, one thing at a time; whether it was done. */
  readonly run: (action: () => Promise<unknown>) => Promise<boolean>;
}

/** What somebody does to the cluster: whether it is under way, and what the server said against it. */
export const useAction = (): Action => {
  const [state, setState] = useState<Omit<Action, 'run'>>({ isBusy: false, problem: undefined });
  return {
    ...state,
    run: async (action) => {
      if (state.isBusy) return false;
      setState({ isBusy: true, problem: undefined });
      try {
        await action();
        setState({ isBusy: false, problem: undefined });
        return true;
      } catch (error) {
        setState({ isBusy: false, problem: asServerError(error) });
        return false;
      }
    },
  };
};
