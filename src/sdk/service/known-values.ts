import { peerHostName, peerPortName } from './known-references.ts';
import { portKey } from './names.ts';
import type { InstanceRecord, ServiceState } from './state.ts';
import type { Target } from './turn.ts';

type Values = ReadonlyMap<string, string>;

/** What tasks and clients can know of the tasks that have their place: their hosts and ports, by name. */
export const peerValues = (
  serviceName: string,
  targets: Iterable<Target>,
  { instances }: Pick<ServiceState, 'instances'>,
): Values => {
  const values = new Map([['FRAMEWORK_NAME', serviceName]]);
  for (const { pod, instance } of new Map([...targets].map((target) => [target.instance, target])).values()) {
    const record = instances.get(instance);
    if (!record) continue;
    for (const [name, value] of placeValues({ pod, instance }, record)) values.set(name, value);
  }
  return values;
};

/** The hosts and ports of an instance's tasks in a place, by name. */
export const placeValues = (
  { pod, instance }: Pick<Target, 'pod' | 'instance'>,
  record: InstanceRecord,
): [string, string][] =>
  pod.tasks.flatMap((task) => [
    [peerHostName(instance, task.name), record.hostname],
    ...task.ports.flatMap(({ name }): [string, string][] => {
      const port = record.ports[portKey(task.name, name)];
      return port === undefined ? [] : [[peerPortName(instance, task.name, name), String(port)]];
    }),
  ]);

/** What a task finds in its environment of itself. */
export const ownVariables = (
  serviceName: string,
  { index, instance, task, name }: Target,
  record: InstanceRecord,
): Record<string, string> => ({
  FRAMEWORK_NAME: serviceName,
  POD_INSTANCE: instance,
  POD_INSTANCE_INDEX: String(index),
  TASK_NAME: name,
  HOST: record.hostname,
  ...Object.fromEntries(
    task.ports.flatMap((port) => {
      const number = record.ports[portKey(task.name, port.name)];
      return number === undefined ? [] : [[port.variable, String(number)]];
    }),
  ),
});
