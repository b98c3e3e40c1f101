import type { TaskDetail } from '../model/mesos.ts';
import { containerOf } from '../model/task-container.ts';
import { nodes } from '../store.ts';
import { Facts } from '../view/facts.tsx';
import { formatResources } from '../view/format.ts';
import { Labels } from '../view/labels.tsx';
import { Link } from '../view/link.tsx';

/** Where a task runs, for whom, and with what. */
export const TaskFacts = ({ task }: { task: TaskDetail }) => {
  const { name, slave_id: agentId, framework_id: frameworkId, role, user, resources, labels = [] } = task;
  const host = nodes.value.find(({ id }) => id === agentId)?.hostname ?? agentId;
  const latest = task.statuses.at(-1);
  const addresses =
    latest?.container_status?.network_infos?.flatMap(({ ip_addresses: list = [] }) => list) ?? [];
  return (
    <Facts
      facts={[
        ['Name', name],
        [
          'Node',
          <Link key="node" to={['nodes', agentId]}>
            {host}
          </Link>,
        ],
        [
          'Framework',
          <span key="framework" class="id">
            {frameworkId}
          </span>,
        ],
        ['Role', role],
        ['User', user],
        ['Resources', formatResources(resources)],
        ['Addresses', addresses.map(({ ip_address: address }) => address).join(', ')],
        [
          'Container',
          <span key="container" class="id">
            {containerOf(task)?.value}
          </span>,
        ],
        [
          'Labels',
          <Labels key="labels" labels={Object.fromEntries(labels.map(({ key, value }) => [key, value]))} />,
        ],
        ['Says', latest?.message],
      ]}
    />
  );
};
