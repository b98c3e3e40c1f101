/** What a cluster has names of. */
export type LiveKind =
  | 'app'
  | 'cluster'
  | 'deployment'
  | 'framework'
  | 'group'
  | 'installed-package'
  | 'job'
  | 'node'
  | 'package'
  | 'pod'
  | 'repository'
  | 'role'
  | 'secret'
  | 'service'
  | 'setting'
  | 'task';

/** The first that fits counts: a beginning of ids, the name of an argument, and what it names. */
const ARGUMENTS: readonly (readonly [beginning: string, argument: RegExp, kind: LiveKind])[] = [
  ['cluster:', /^cluster$/, 'cluster'],
  ['config:', /^key$/, 'setting'],
  ['framework:', /^framework$/, 'framework'],
  ['job:', /^job$/, 'job'],
  ['maintenance:', /^host$/, 'node'],
  ['marathon:deployment:list', /^app$/, 'app'],
  ['marathon:deployment:', /^id$/, 'deployment'],
  ['marathon:group:', /^id$/, 'group'],
  ['marathon:pod:', /^id$/, 'pod'],
  ['marathon:task:list', /^app$/, 'app'],
  ['marathon:task:', /^task$/, 'task'],
  ['marathon:', /^(id|app)$/, 'app'],
  ['node:', /^(id|agent|hostname)$/, 'node'],
  ['open', /^service$/, 'service'],
  ['package:repo:', /^name$/, 'repository'],
  ['package:list', /^filter$/, 'installed-package'],
  ['package:search', /^query$/, 'package'],
  ['package:install', /^name$/, 'package'],
  ['package:describe', /^name$/, 'package'],
  ['package:configure', /^name$/, 'package'],
  ['package:render', /^name$/, 'package'],
  ['package:', /^name$/, 'installed-package'],
  ['quota:', /^role$/, 'role'],
  ['security:secrets:', /^path$/, 'secret'],
  ['service:', /^(service|id)$/, 'service'],
  ['task:', /^(task|filter)$/, 'task'],
];

const FLAGS: Readonly<Record<string, LiveKind>> = {
  cluster: 'cluster',
  'agent-id': 'node',
  'mesos-id': 'node',
  'app-id': 'app',
  role: 'role',
};

/** The kind of names that an argument of a command takes. */
export const liveKindOfArgument = (id: string, argument: string): LiveKind | undefined =>
  ARGUMENTS.find(([beginning, name]) => id.startsWith(beginning) && name.test(argument))?.[2];

/** The same for the value of a flag. */
export const liveKindOfFlag = (name: string, id: string): LiveKind | undefined =>
  Object.hasOwn(FLAGS, name) && !(name === 'app-id' && id === 'package:install') ? FLAGS[name] : undefined;

const FILES = /(file|folder|dir|definition|schedule|options|certs|key|config|scenario|resources)$/;

/** Whether an argument or flag of this name takes a file. */
export const takesFile = (name: string): boolean => FILES.test(name);
