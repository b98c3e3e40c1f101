import type { TaskStatus } from '../../mesos/generated/mesos.ts';
import type { Instance, InstanceTask } from './instance.ts';
import { messageOf } from './note-failure.ts';
import type { Turn } from './turn.ts';

/** Tells of a status of one task of an instance. */
export const publishStatus = (
  turn: Turn,
  { agent, appId, appVersion }: Instance,
  task: Pick<InstanceTask, 'hostPorts' | 'ipAddresses'>,
  status: TaskStatus,
): void => {
  const ipAddresses = addressesOf(status) ?? task.ipAddresses;
  turn.publish({
    eventType: 'status_update_event',
    slaveId: agent?.id ?? status.agent_id?.value ?? '',
    taskId: status.task_id.value,
    taskStatus: status.state,
    message: messageOf(status),
    appId,
    host: agent?.hostname ?? '',
    ...(ipAddresses ? { ipAddresses } : {}),
    ports: task.hostPorts,
    version: appVersion,
  });
};

/** The addresses of the container, if the status tells any. */
export const addressesOf = ({ container_status }: TaskStatus): InstanceTask['ipAddresses'] => {
  const addresses = (container_status?.network_infos ?? [])
    .flatMap(({ ip_addresses }) => ip_addresses ?? [])
    .flatMap(({ ip_address, protocol }) =>
      ip_address === undefined ? [] : [{ ipAddress: ip_address, protocol: protocol ?? ('IPv4' as const) }],
    );
  return addresses.length === 0 ? undefined : addresses;
};
