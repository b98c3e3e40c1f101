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
  for (const { instance, task } of targets) {
    const record = instances.get(instance);
    if (!record) continue;
    values.set(peerHostName(instance, task.name), record.hostname);
    for (const { name } of task.ports) {
      const port = record.ports[portKey(task.name, name)];
      if (port !== undefined) values.set(peerPortName(instance, task.name, name), String(port));
    }
  }
  return values;
};

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
