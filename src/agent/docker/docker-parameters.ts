/** What the parameters of a DockerInfo change about a container; a parameter is an option of `docker run`. */
export interface ParameterEffects {
  readonly config: Readonly<Record<string, unknown>>;
  readonly host: Readonly<Record<string, unknown>>;
  readonly environment: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly binds: readonly string[];
  readonly network: string | undefined;
}

interface Parameter {
  readonly key: string;
  readonly value: string;
}

type Values = readonly string[];
type Setting = (values: Values) => unknown;

const last: Setting = (values) => values.at(-1);
const all: Setting = (values) => values;
const flag: Setting = (values) => !/^(false|0)$/i.test(values.at(-1) ?? '');
const whole: Setting = (values) => Number.parseInt(values.at(-1) ?? '', 10);
const words: Setting = (values) => [values.at(-1)];
const pairs: Setting = (values) => Object.fromEntries(values.map((value) => splitAt(value, '=')));
const bytes: Setting = (values) => bytesOf(values.at(-1) ?? '');
const ulimits: Setting = (values) =>
  values.map((value) => {
    const [Name, limits] = splitAt(value, '=');
    const [soft, hard] = splitAt(limits, ':');
    return { Name, Soft: Number(soft), Hard: Number(hard === '' ? soft : hard) };
  });
const devices: Setting = (values) =>
  values.map((value) => {
    const [PathOnHost = '', PathInContainer = PathOnHost, CgroupPermissions = 'rwm'] = value.split(':');
    return { PathOnHost, PathInContainer, CgroupPermissions };
  });

/** Options that set something of the container, by their long names. */
const CONFIG: Readonly<Record<string, [field: string, setting: Setting]>> = {
  domainname: ['Domainname', last],
  entrypoint: ['Entrypoint', words],
  hostname: ['Hostname', last],
  'mac-address': ['MacAddress', last],
  'stop-signal': ['StopSignal', last],
  'stop-timeout': ['StopTimeout', whole],
  user: ['User', last],
  workdir: ['WorkingDir', last],
};

/** Options that set something about how the host runs it. */
const HOST: Readonly<Record<string, [field: string, setting: Setting]>> = {
  'add-host': ['ExtraHosts', all],
  'blkio-weight': ['BlkioWeight', whole],
  'cap-add': ['CapAdd', all],
  'cap-drop': ['CapDrop', all],
  'cgroup-parent': ['CgroupParent', last],
  'cpu-period': ['CpuPeriod', whole],
  'cpu-quota': ['CpuQuota', whole],
  'cpu-shares': ['CpuShares', whole],
  'cpuset-cpus': ['CpusetCpus', last],
  'cpuset-mems': ['CpusetMems', last],
  device: ['Devices', devices],
  dns: ['Dns', all],
  'dns-opt': ['DnsOptions', all],
  'dns-option': ['DnsOptions', all],
  'dns-search': ['DnsSearch', all],
  'group-add': ['GroupAdd', all],
  init: ['Init', flag],
  ipc: ['IpcMode', last],
  'kernel-memory': ['KernelMemory', bytes],
  link: ['Links', all],
  memory: ['Memory', bytes],
  'memory-reservation': ['MemoryReservation', bytes],
  'memory-swap': ['MemorySwap', bytes],
  'memory-swappiness': ['MemorySwappiness', whole],
  'oom-kill-disable': ['OomKillDisable', flag],
  'oom-score-adj': ['OomScoreAdj', whole],
  pid: ['PidMode', last],
  'pids-limit': ['PidsLimit', whole],
  privileged: ['Privileged', flag],
  'read-only': ['ReadonlyRootfs', flag],
  runtime: ['Runtime', last],
  'security-opt': ['SecurityOpt', all],
  'shm-size': ['ShmSize', bytes],
  sysctl: ['Sysctls', pairs],
  tmpfs: ['Tmpfs', (values) => Object.fromEntries(values.map((value) => splitAt(value, ':')))],
  ulimit: ['Ulimits', ulimits],
  userns: ['UsernsMode', last],
  uts: ['UTSMode', last],
  'volume-driver': ['VolumeDriver', last],
  'volumes-from': ['VolumesFrom', all],
};

const SHORT: Readonly<Record<string, string>> = {
  c: 'cpu-shares',
  e: 'env',
  h: 'hostname',
  l: 'label',
  m: 'memory',
  net: 'network',
  u: 'user',
  v: 'volume',
  w: 'workdir',
};

/** Translates parameters. Throws with the name of one that is not known. */
export const parameterEffects = (parameters: readonly Parameter[]): ParameterEffects => {
  const values = new Map<string, string[]>();
  for (const { key, value } of parameters) {
    const name = SHORT[key] ?? key;
    values.set(name, [...(values.get(name) ?? []), value]);
  }
  const take = (name: string): Values => {
    const taken = values.get(name) ?? [];
    values.delete(name);
    return taken;
  };
  const network = take('network').at(-1);
  const environment = take('env');
  const labels = Object.fromEntries(take('label').map((value) => splitAt(value, '=')));
  const binds = take('volume');
  const logOptions = take('log-opt');
  const logDriver = take('log-driver').at(-1);
  const pick = (table: typeof CONFIG): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(table).flatMap(([name, [field, setting]]) => {
        const given = take(name);
        return given.length === 0 ? [] : [[field, setting(given)]];
      }),
    );
  const config = pick(CONFIG);
  const host = {
    ...pick(HOST),
    ...(logDriver === undefined ? {} : { LogConfig: { Type: logDriver, Config: pairs(logOptions) } }),
  };
  const [unknown] = values.keys();
  if (unknown !== undefined) throw new Error(`The Docker parameter '${unknown}' is not supported`);
  return { config, host, environment, labels, binds, network };
};

export const splitAt = (text: string, separator: string): [string, string] => {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
};

const UNITS: Readonly<Record<string, number>> = { b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

const bytesOf = (text: string): number => {
  const [, digits, unit = 'b'] = /^(-?\d+)([bkmgt])?b?$/i.exec(text.trim()) ?? [];
  if (digits === undefined) throw new Error(`'${text}' is not an amount of memory`);
  return Number(digits) * (UNITS[unit.toLowerCase()] ?? 1);
};
