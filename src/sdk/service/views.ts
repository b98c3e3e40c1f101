import { portKey } from './names.ts';
import type { PhaseView, PlanStatus, PlanView, StepView } from './plan.ts';
import { fillReferences } from './references.ts';
import type { ServiceCore } from './service-core.ts';
import { isLive } from './state.ts';
import type { Target } from './turn.ts';

/** What the service's API shows, in the shapes of DC/OS services (universe.md 7.1). */

export const planJson = (core: ServiceCore, view: PlanView): object => ({
  name: core.spec.plan.name,
  status: view.status,
  strategy: core.spec.plan.strategy,
  phases: view.phases.map((phase) => phaseJson(core, phase)),
  errors: [],
});

const phaseJson = (core: ServiceCore, { phase, status, steps }: PhaseView): object => ({
  id: phase.name,
  name: phase.name,
  status,
  strategy: phase.strategy,
  steps: steps.map((step) => ({
    id: step.target.name,
    name: step.target.name,
    status: step.status,
    message: messageOf(core, step),
  })),
});

const messageOf = (core: ServiceCore, { target, message }: StepView): string => {
  const rejection = core.rejections.get(target.name);
  const place = core.state.instances.get(target.instance);
  const isWaiting = core.state.wantedBefore.has(target.name);
  const parts = [
    message,
    isWaiting && rejection !== undefined ? `no offer fits, the last one of ${rejection}` : '',
    isWaiting && rejection === undefined && place
      ? `waits for an offer of ${place.hostname} (agent ${place.agentId}), where its place is; POST /v1/pod/${target.instance}/replace gives the place up, with its data`
      : '',
  ];
  return parts.filter((part) => part !== '').join('; ');
};

export interface Health {
  readonly healthy: boolean;
  readonly deploy: PlanStatus;
  /** The first things that are still to be done, for people. */
  readonly waitingFor: readonly string[];
}

const MAX_SHOWN_STEPS = 5;

/** Healthy is a service that does what it is there for: all of its tasks are deployed, and run. */
export const healthJson = (core: ServiceCore, view: PlanView): Health => {
  const open = view.phases.flatMap(({ steps }) => steps).filter(({ status }) => status !== 'COMPLETE');
  return {
    healthy: view.status === 'COMPLETE',
    deploy: view.status,
    waitingFor: open.slice(0, MAX_SHOWN_STEPS).map((step) => {
      const message = messageOf(core, step);
      return `${step.target.name} ${step.status}${message === '' ? '' : `: ${message}`}`;
    }),
  };
};

export const instanceNames = (core: ServiceCore): string[] => [
  ...new Set([...core.targets.values()].map(({ instance }) => instance)),
];

export const podJson = (core: ServiceCore, instance: string): object => {
  const record = core.state.instances.get(instance);
  const tasks = [...core.targets.values()].filter((target) => target.instance === instance);
  return {
    name: instance,
    ...(record && { agentId: record.agentId, hostname: record.hostname, ports: record.ports }),
    tasks: tasks.map(({ name }) => {
      const task = core.state.tasks.get(name);
      return {
        name,
        id: task?.id,
        status: task?.state,
        message: task?.message,
        isReady: task?.isReady ?? false,
        isDone: task?.isDone ?? false,
      };
    }),
  };
};

/** Names of endpoints: those of the description, and one for every port of every task. */
export const endpointNames = (core: ServiceCore): string[] => [
  ...Object.keys(core.spec.endpoints),
  ...core.spec.pods.flatMap((pod) =>
    pod.tasks.flatMap((task) => task.ports.map((port) => portEndpoint(pod.name, task.name, port.name))),
  ),
];

const portEndpoint = (pod: string, task: string, port: string): string => `${pod}-${task}-${port}`;

/** Text of an endpoint of the description; undefined while something in it is not known yet. */
export const endpointText = (core: ServiceCore, template: string): string | undefined => {
  const filled = fillReferences(template, core.peers);
  return 'text' in filled ? filled.text : undefined;
};

/** Where the tasks behind a port's endpoint can be reached; undefined when there is no such endpoint. */
export const endpointAddresses = (core: ServiceCore, name: string): { address: string[] } | undefined => {
  const targets = [...core.targets.values()].flatMap((target) =>
    target.task.ports
      .filter((port) => portEndpoint(target.pod.name, target.task.name, port.name) === name)
      .map((port) => ({ target, key: portKey(target.task.name, port.name) })),
  );
  if (targets.length === 0) return undefined;
  return { address: targets.flatMap(({ target, key }) => addressOf(core, target, key)) };
};

const addressOf = (core: ServiceCore, { instance, name }: Target, key: string): string[] => {
  const record = core.state.instances.get(instance);
  const port = record?.ports[key];
  return record && port !== undefined && isLive(core.state.tasks.get(name))
    ? [`${record.hostname}:${port}`]
    : [];
};
