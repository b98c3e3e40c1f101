import { request } from '../../src/http/client.ts';
import { type ClusterAddresses, createPlenumHome, type PlenumHome } from '../support/plenum.ts';
import { waitFor } from '../support/wait-for.ts';

/** What the tests look at in the master's /state. */
export interface FrameworkState {
  readonly id: string;
  readonly name: string;
  readonly active: boolean;
  readonly tasks: readonly TaskState[];
  readonly completed_tasks: readonly TaskState[];
}

export interface TaskState {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly executor_id: string;
  readonly slave_id: string;
  readonly statuses: readonly { readonly state: string }[];
}

export interface ClientCluster {
  readonly home: PlenumHome;
  readonly addresses: ClusterAddresses;
  /** `host:port`, as most clients want it. */
  readonly master: string;
  /** The framework of this name, whether it is there or was. */
  readonly framework: (name: string) => Promise<FrameworkState | undefined>;
  /** Resolves when the framework is there and fits. */
  readonly until: (
    name: string,
    what: string,
    fits: (framework: FrameworkState) => boolean,
  ) => Promise<FrameworkState>;
  readonly close: () => Promise<void>;
}

/** A cluster of two agents from the built executable, on free ports. */
export const startClientCluster = async (node?: string): Promise<ClientCluster> => {
  const home = await createPlenumHome(node);
  try {
    const addresses = await home.up(
      ...['--master-port', '0', '--packages-port', '0', '--agents', '2', '--cpus', '4', '--mem', '4096'],
    );
    return {
      home,
      addresses,
      master: new URL(addresses.master).host,
      ...looking(addresses),
      close: home.remove,
    };
  } catch (error) {
    await home.remove();
    throw error;
  }
};

const looking = ({ master }: ClusterAddresses): Pick<ClientCluster, 'framework' | 'until'> => {
  const framework: ClientCluster['framework'] = async (name) => {
    const { body } = await request({ url: `${master}/state` });
    const state = JSON.parse(body.toString('utf8')) as {
      frameworks: FrameworkState[];
      completed_frameworks: FrameworkState[];
    };
    return [...state.frameworks, ...state.completed_frameworks].find((one) => one.name === name);
  };
  return {
    framework,
    until: (name, what, fits) =>
      waitFor(
        `${name}: ${what}`,
        async () => {
          const found = await framework(name);
          return found !== undefined && fits(found) && found;
        },
        { timeoutMs: 60_000, everyMs: 100 },
      ),
  };
};

/** The states of a framework's ended tasks, by task id. */
export const endsOf = ({ completed_tasks: tasks }: FrameworkState): Record<string, string> =>
  Object.fromEntries(tasks.map(({ id, state }) => [id, state]));
