import { existsSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { request } from '../../../src/http/client.ts';
import { type ClusterAddresses, createPlenumHome, type PlenumHome } from '../../support/plenum.ts';
import { waitFor } from '../../support/wait-for.ts';
import { killAll, processesWith } from '../task-processes.ts';

export interface Task {
  id: string;
  name: string;
  state: string;
  slave_id: string;
}

interface Slave {
  reserved_resources_full: Record<string, unknown[]>;
}

/** A machine that does something else beside needs its time. */
export const EVENTUALLY = { timeoutMs: 240_000, everyMs: 250 };
const LONGEST_INSTALLATION_S = '540';
const UPDATE_REQUEST = 'application/vnd.dcos.service.update-request+json;charset=utf-8;version=v1';
const UPDATE_RESPONSE = 'application/vnd.dcos.service.update-response+json;charset=utf-8;version=v1';

/** A cluster of its own for the test of a package. */
export interface PackageCluster {
  readonly home: PlenumHome;
  readonly addresses: ClusterAddresses;
  /** Installs a package; it is usable when this resolves. */
  install(name: string, options?: object): Promise<void>;
  /** Changes options of an installed package, and resolves when what they change has been deployed. */
  update(name: string, options: object): Promise<void>;
  /** Uninstalls the package, and looks at everything that it might have left. */
  uninstallLeavingNothing(name: string): Promise<void>;
  /** Live tasks whose name begins so, by name. */
  tasks(prefix?: string): Promise<Map<string, Task>>;
  /** Processes of a task, the first of it first. */
  processesOf(taskName: string): Promise<number[]>;
  /**
   * Kills processes of a task with -9, and resolves when another one of its name runs. Programs that overwrite their
   * environment are not found by it: then the caller says which processes.
   */
  killTask(taskName: string, pids?: readonly number[]): Promise<void>;
  /** What a service answers through the gateway. */
  ask(service: string, path: string): Promise<{ status: number; text: string }>;
  /** A text of a service's /v1/endpoints. */
  endpoint(service: string, name: string): Promise<string>;
  /** All tasks of the service are deployed, and run. */
  untilHealthy(service: string): Promise<void>;
  remove(): Promise<void>;
}

export const createPackageCluster = async (agents: number): Promise<PackageCluster> => {
  const home = await createPlenumHome();
  const addresses = await home.up('--agents', String(agents));
  const ask: PackageCluster['ask'] = async (service, path) => {
    const { status, body } = await request({ url: `${addresses.gateway}/service/${service}${path}` });
    return { status, text: body.toString('utf8') };
  };
  const tasks: PackageCluster['tasks'] = async (prefix = '') => {
    const all = await home.json<Task[]>('task', 'list');
    return new Map(all.filter(({ name }) => name.startsWith(prefix)).map((task) => [task.name, task]));
  };
  const untilHealthy: PackageCluster['untilHealthy'] = async (service) => {
    await waitFor(
      `${service} is healthy`,
      async () => (await ask(service, '/v1/health')).status === 200,
      EVENTUALLY,
    );
  };
  const processesOf: PackageCluster['processesOf'] = async (taskName) => {
    const id = (await tasks()).get(taskName)?.id;
    return id === undefined ? [] : processesWith(`MESOS_TASK_ID=${id}`);
  };
  return {
    home,
    addresses,
    ask,
    tasks,
    untilHealthy,
    processesOf,
    install: async (name, options = {}) => {
      const { code, stderr } = await home.run(
        ['package', 'install', name, '--options=-', '--yes', '--wait', '--timeout', LONGEST_INSTALLATION_S],
        { input: JSON.stringify(options) },
      );
      if (code !== 0) throw new Error(`The installation of ${name} ended with ${code}: ${stderr}`);
    },
    update: async (name, options) => {
      const { status, body } = await request({
        method: 'POST',
        url: `${addresses.gateway}/cosmos/service/update`,
        headers: { 'Content-Type': UPDATE_REQUEST, Accept: UPDATE_RESPONSE },
        body: Buffer.from(JSON.stringify({ appId: `/${name}`, options, replace: false })),
      });
      if (status !== 200) throw new Error(`The update of ${name} was answered with ${status}: ${body}`);
      await waitFor(
        `${name} is updated`,
        async () => (await home.json<unknown[]>('marathon', 'deployment', 'list')).length === 0,
        EVENTUALLY,
      );
    },
    killTask: async (taskName, given) => {
      const before = (await tasks()).get(taskName);
      const pids = given ?? (await processesOf(taskName));
      expect(pids.length, `processes of ${taskName}`).toBeGreaterThan(0);
      killAll(pids);
      await waitFor(
        `${taskName} runs again`,
        async () => {
          const task = (await tasks()).get(taskName);
          return task !== undefined && task.id !== before?.id && task.state === 'TASK_RUNNING';
        },
        EVENTUALLY,
      );
    },
    endpoint: async (service, name) => {
      const { status, text } = await ask(service, `/v1/endpoints/${name}`);
      if (status !== 200) throw new Error(`${service} answered ${status} for its endpoint ${name}: ${text}`);
      return text.trim();
    },
    uninstallLeavingNothing: async (name) => {
      await home.must('package', 'uninstall', name, '--yes', '--wait');
      expect(await home.json('package', 'list')).toEqual([]);
      await waitFor('no task runs', async () => (await tasks()).size === 0, EVENTUALLY);
      await waitFor(
        'nothing is reserved',
        async () => {
          const { body } = await request({ url: `${addresses.master}/slaves` });
          const { slaves }: { slaves: Slave[] } = JSON.parse(body.toString('utf8'));
          return slaves.every(({ reserved_resources_full: roles }) => Object.keys(roles).length === 0);
        },
        EVENTUALLY,
      );
      await waitFor('no volume is left', async () => (await volumesOf(home)).length === 0, EVENTUALLY);
      await waitFor(
        'no process is left',
        () => processesWith(`MESOS_SANDBOX=${home.folder}`).length === 0,
        EVENTUALLY,
      );
      await waitFor('nothing is mounted', () => !mountsOfAgents().includes(home.folder), EVENTUALLY);
    },
    remove: () => home.remove(),
  };
};

/** What is mounted where agents run: all of them share the mounts of this process. */
const mountsOfAgents = (): string => readFileSync('/proc/self/mountinfo', 'utf8');

/** Folders of persistent volumes on all agents. */
const volumesOf = async ({ folder }: PlenumHome): Promise<string[]> => {
  const state = join(folder, 'local', 'local', 'state');
  const agents = (await readdir(state)).filter((name) => name.startsWith('agent-'));
  const volumes = await Promise.all(
    agents.map(async (agent) => {
      const roles = join(state, agent, 'volumes', 'roles');
      if (!existsSync(roles)) return [];
      const names = await readdir(roles);
      const found = await Promise.all(
        names.map(async (role) => (await readdir(join(roles, role))).map((id) => join(roles, role, id))),
      );
      return found.flat();
    }),
  );
  return volumes.flat();
};
