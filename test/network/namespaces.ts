import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** A machine of its own as far as the network is concerned. */
export interface Machine {
  readonly name: string;
  readonly address: string;
  /** Program and arguments that run a command there. */
  readonly prefix: readonly string[];
  /** Nothing goes to it and nothing comes from it. */
  cut(): void;
  /** Packets from this address are lost, or to it; a share of them from 0 to 1 if told. */
  loseFrom(address: string, share?: number): void;
  loseTo(address: string, share?: number): void;
  /** The line is as good as new. */
  mend(): void;
}

export interface Network {
  /** Where the test itself is reached from the machines. */
  readonly testAddress: string;
  machine(name: string): Machine;
  /** Ends every process of the machines, and removes every trace of the network. */
  remove(): void;
}

const PREFIX = 'plenum-test-';
const SWITCH = 'switch';
const RUN_FOLDER = '/run/netns';
const MOST_ROUNDS = 20;
/** RFC 2544: for tests of networks, so nobody else's. */
const subnetOf = (pid: number): string => `198.18.${pid % 250}`;

const run = (program: string, ...args: string[]): string =>
  execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

const attempt = (program: string, ...args: string[]): string | undefined => {
  try {
    return run(program, ...args);
  } catch {
    // Nothing was there, which is what it was tried for.
    return undefined;
  }
};

/** Why no network can be made here; undefined when one can. */
export const whyNoNetwork = (): string | undefined => {
  if (process.platform !== 'linux') return 'network namespaces exist on Linux only';
  if (process.getuid?.() !== 0) return 'network namespaces need root';
  const missing = ['ip', 'iptables'].filter((program) => attempt(program, '-V') === undefined);
  if (missing.length > 0) return `${missing.join(' and ')} not found (packages iproute2 and iptables)`;
  const probe = `${PREFIX}${process.pid}-probe`;
  try {
    run('ip', 'netns', 'add', probe);
    run(
      'ip',
      'netns',
      'exec',
      probe,
      'iptables',
      '-A',
      'INPUT',
      '-m',
      'statistic',
      '--mode',
      'random',
      '--probability',
      '0.1',
      '-j',
      'DROP',
    );
    return undefined;
  } catch (error) {
    return `network namespaces cannot be made here: ${error instanceof Error ? error.message : error}`;
  } finally {
    attempt('ip', 'netns', 'del', probe);
  }
};

/** Machines with addresses …1, …2 and so on, all on one switch, to which the test is connected too. */
export const createNetwork = (names: readonly string[]): Network => {
  removeLeftovers();
  const { pid } = process;
  const subnet = subnetOf(pid);
  const testAddress = `${subnet}.254`;
  const namespaceOf = (name: string): string => `${PREFIX}${pid}-${name}`;
  const hub = namespaceOf(SWITCH);
  const remove = (): void => removeNetwork(pid);
  // Also when a test is interrupted: what is left would be in the way of nobody but still be left.
  process.once('exit', remove);
  try {
    run('ip', 'netns', 'add', hub);
    run('ip', '-n', hub, 'link', 'add', 'bridge', 'type', 'bridge');
    run('ip', '-n', hub, 'link', 'set', 'bridge', 'up');
    const port = `pt${pid}`;
    run('ip', 'link', 'add', port, 'type', 'veth', 'peer', 'name', 'test', 'netns', hub);
    plugIn(hub, 'test');
    run('ip', 'addr', 'add', `${testAddress}/24`, 'dev', port);
    run('ip', 'link', 'set', port, 'up');
    for (const [index, name] of names.entries())
      connectMachine(hub, namespaceOf(name), `${subnet}.${index + 1}`, name);
  } catch (error) {
    remove();
    throw error;
  }
  const machines = new Map(
    names.map((name, index) => [
      name,
      machineOf(name, { hub, namespace: namespaceOf(name), address: `${subnet}.${index + 1}` }),
    ]),
  );
  return {
    testAddress,
    machine: (name) => {
      const machine = machines.get(name);
      if (!machine) throw new Error(`There is no machine ${name}`);
      return machine;
    },
    remove: () => {
      process.off('exit', remove);
      remove();
    },
  };
};

const plugIn = (hub: string, port: string): void => {
  run('ip', '-n', hub, 'link', 'set', port, 'master', 'bridge');
  run('ip', '-n', hub, 'link', 'set', port, 'up');
};

const connectMachine = (hub: string, namespace: string, address: string, name: string): void => {
  run('ip', 'netns', 'add', namespace);
  run('ip', '-n', namespace, 'link', 'set', 'lo', 'up');
  run(
    'ip',
    '-n',
    hub,
    'link',
    'add',
    `to-${name}`,
    'type',
    'veth',
    'peer',
    'name',
    'eth0',
    'netns',
    namespace,
  );
  plugIn(hub, `to-${name}`);
  run('ip', '-n', namespace, 'addr', 'add', `${address}/24`, 'dev', 'eth0');
  run('ip', '-n', namespace, 'link', 'set', 'eth0', 'up');
};

const machineOf = (
  name: string,
  { hub, namespace, address }: { hub: string; namespace: string; address: string },
): Machine => {
  const drop = (chain: string, match: string[], share: number): void => {
    const chance = share < 1 ? ['-m', 'statistic', '--mode', 'random', '--probability', String(share)] : [];
    run('ip', 'netns', 'exec', namespace, 'iptables', '-A', chain, ...match, ...chance, '-j', 'DROP');
  };
  return {
    name,
    address,
    prefix: ['ip', 'netns', 'exec', namespace],
    cut: () => {
      run('ip', '-n', hub, 'link', 'set', `to-${name}`, 'down');
    },
    loseFrom: (from, share = 1) => drop('INPUT', ['-s', from], share),
    loseTo: (to, share = 1) => drop('OUTPUT', ['-d', to], share),
    mend: () => {
      run('ip', 'netns', 'exec', namespace, 'iptables', '-F');
      run('ip', '-n', hub, 'link', 'set', `to-${name}`, 'up');
    },
  };
};

/** What test runs that were killed have left behind. */
const removeLeftovers = (): void => {
  for (const name of namespaces()) {
    const pid = Number(/^plenum-test-(\d+)-/.exec(name)?.[1]);
    if (Number.isInteger(pid) && !isAlive(pid)) removeNetwork(pid);
  }
};

const namespaces = (): string[] => {
  try {
    return readdirSync(RUN_FOLDER);
  } catch {
    return [];
  }
};

const isAlive = (pid: number): boolean => {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8') !== '';
  } catch {
    return false;
  }
};

/** Deleting a namespace deletes its interfaces; one whose processes live would live on without a name. */
const removeNetwork = (pid: number): void => {
  const own = namespaces().filter((name) => name.startsWith(`${PREFIX}${pid}-`));
  for (const name of own) {
    // Again, for what those that are killed have forked meanwhile.
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const processes = attempt('ip', 'netns', 'pids', name)?.trim().split(/\s+/).filter(Boolean) ?? [];
      if (processes.length === 0) break;
      attempt('kill', '-9', ...processes);
    }
    attempt('ip', 'netns', 'del', name);
  }
  attempt('ip', 'link', 'del', `pt${pid}`);
};

/** What is left of networks of this test run; nothing when all is well. */
export const remains = (): string[] => {
  const links = run('ip', '-o', 'link')
    .split('\n')
    .filter((line) => line.includes(`pt${process.pid}`));
  return [...namespaces().filter((name) => name.startsWith(`${PREFIX}${process.pid}-`)), ...links];
};
