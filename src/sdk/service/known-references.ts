import type { ServiceDocument, TaskDefinition } from '../../../schemas/generated/service.ts';
import { instanceName, variableName } from './names.ts';

/** Names of what every task knows of itself. */
export const OWN_NAMES = [
  'FRAMEWORK_NAME',
  'POD_INSTANCE',
  'POD_INSTANCE_INDEX',
  'TASK_NAME',
  'HOST',
] as const;

/** Names that only a task itself may refer to. */
export const ownReferenceNames = (task: TaskDefinition): string[] => [
  ...OWN_NAMES,
  ...Object.entries(task.ports ?? {}).map(([name, port]) => port['env-key'] ?? variableName('port', name)),
];

/** Names under which tasks find each other, such as NAME_0_NODE_HOST and NAME_0_NODE_PORT_RPC. */
export const peerReferenceNames = ({ pods }: ServiceDocument): string[] => [
  'FRAMEWORK_NAME',
  ...Object.entries(pods).flatMap(([pod, { count = 1, tasks }]) =>
    Array.from({ length: count }, (_unused, index) => instanceName(pod, index)).flatMap((instance) =>
      Object.entries(tasks).flatMap(([task, { ports = {} }]) => [
        peerHostName(instance, task),
        ...Object.keys(ports).map((port) => peerPortName(instance, task, port)),
      ]),
    ),
  ),
];

export const peerHostName = (instance: string, task: string): string => variableName(instance, task, 'host');

export const peerPortName = (instance: string, task: string, port: string): string =>
  variableName(instance, task, 'port', port);
