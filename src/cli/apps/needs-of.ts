import type { MarathonQueueItem } from '../../clients/marathon-types.ts';

/** What an instance asks of an agent; memory and disk in MiB. */
export interface Needs {
  readonly role: string;
  /** Each as field, operator and value. */
  readonly constraints: readonly (readonly string[])[];
  readonly cpus: number | undefined;
  readonly mem: number | undefined;
  readonly disk: number | undefined;
  /** Service ports of an app; 0 is any. */
  readonly ports?: readonly number[] | undefined;
}

/** What that which waits in the queue asks for; a pod for all its containers and their executor. */
export const needsOf = ({ app, pod, role }: MarathonQueueItem): Needs => {
  if (pod === undefined) {
    const { constraints = [], cpus, mem, disk, portDefinitions } = app ?? {};
    const ports = portDefinitions?.map(({ port = 0 }) => port);
    return { role: app?.role ?? role ?? '*', constraints, cpus, mem, disk, ports };
  }
  const { containers = [], executorResources = {}, scheduling } = pod;
  const total = (name: 'cpus' | 'mem' | 'disk'): number =>
    containers.reduce((sum, { resources }) => sum + (resources?.[name] ?? 0), executorResources[name] ?? 0);
  return {
    role: pod.role ?? role ?? '*',
    constraints: (scheduling?.placement?.constraints ?? []).map(({ fieldName, operator, value }) =>
      value === undefined ? [fieldName, operator] : [fieldName, operator, value],
    ),
    cpus: total('cpus'),
    mem: total('mem'),
    disk: total('disk'),
  };
};
