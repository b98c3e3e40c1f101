import { withDefaults } from '../../mesos/codec/with-defaults.ts';
import type { ContainerStatus, Resource, Task, TaskStatus } from '../../mesos/generated/mesos.ts';
import { summarize } from '../../mesos/resources/summary.ts';
import { allocationRole, shownContainerStatus } from '../../mesos/v0/task-json.ts';
import type { Fragments } from './documents/fragments.ts';

/**
 * A task as the v0 reads show it (mesos.md 3.9.1): the text of what `taskJson` gives. What tasks have alike is the same object in
 * all of them (core/compact-task.ts), so that its text is made once; a hundred thousand tasks are written in half the time.
 */
export const taskText = (task: Task, fragments: Fragments): string => {
  const { resources = NO_RESOURCES, statuses = [], user, labels, discovery, container, limits } = task;
  const check = task.health_check;
  const identity = JSON.stringify({
    id: task.task_id.value,
    name: task.name,
    framework_id: task.framework_id.value,
    executor_id: task.executor_id?.value ?? '',
    slave_id: task.agent_id.value,
    state: task.state,
  });
  // Joined and not added up: what is added up stays in pieces, each of which is looked after by itself.
  const pieces = [identity.slice(0, -1), ',"resources":'];
  pieces.push(fragments.of('v0 task resources', resources, resourcesText), ',"statuses":[');
  addStatuses(pieces, statuses);
  pieces.push(']');
  if (user !== undefined) pieces.push(',"user":', JSON.stringify(user));
  if (labels) pieces.push(',"labels":', fragments.of('v0 labels', labels, labelsText));
  if (discovery) pieces.push(',"discovery":', fragments.of('v0 part', discovery, partText));
  if (container) pieces.push(',"container":', fragments.of('v0 part', container, partText));
  if (check) pieces.push(',"health_check":', fragments.of('v0 health check', check, healthCheckText));
  if (limits) pieces.push(',"limits":', fragments.of('v0 part', limits, partText));
  pieces.push('}');
  return pieces.join('');
};

const NO_RESOURCES: readonly Resource[] = [];

/** With the role that they are allocated to, which stands after them. */
const resourcesText = (resources: readonly Resource[]): string => {
  const role = allocationRole(resources);
  const sums = JSON.stringify(summarize(resources));
  return role === undefined ? sums : `${sums},"role":${JSON.stringify(role)}`;
};

const addStatuses = (pieces: string[], statuses: readonly TaskStatus[]): void => {
  let container: ContainerStatus | undefined;
  let containerText = '';
  let mark = '';
  for (const { state, timestamp = 0, labels, container_status, healthy } of statuses) {
    pieces.push(mark, '{"state":', JSON.stringify(state), ',"timestamp":', JSON.stringify(timestamp));
    mark = ',';
    if (labels) pieces.push(',"labels":', labelsText(labels));
    if (container_status) {
      // A task's statuses have one description as long as it stays the same.
      if (container_status !== container)
        containerText = JSON.stringify(shownContainerStatus(container_status));
      container = container_status;
      pieces.push(',"container_status":', containerText);
    }
    if (healthy !== undefined) pieces.push(`,"healthy":${healthy}`);
    pieces.push('}');
  }
};

const partText = (part: object): string => JSON.stringify(part);

const labelsText = ({ labels = [] }: NonNullable<Task['labels']>): string => JSON.stringify(labels);

const healthCheckText = (check: NonNullable<Task['health_check']>): string =>
  JSON.stringify(withDefaults('mesos.v1.HealthCheck', check));
