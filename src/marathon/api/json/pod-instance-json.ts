import type { PodInstanceView } from '../../core/pods/pod-view.ts';
import type { PodDefinition } from '../../definitions/pods/pod.ts';
import { attributeJson } from './queue-json.ts';
import { time } from './task-json.ts';

/** An instance of a pod as the routes that kill it show it (marathon.md 1.10); `pod` is what it runs. */
export const podInstanceJson = (
  instance: PodInstanceView,
  { unreachableStrategy }: Pick<PodDefinition, 'unreachableStrategy'>,
): object => {
  const { agent, activeSinceMs, isHealthy } = instance;
  return {
    instanceId: instance.id,
    state: {
      condition: instance.condition,
      since: time(instance.sinceMs),
      ...(activeSinceMs !== undefined && { activeSince: time(activeSinceMs) }),
      ...(isHealthy !== undefined && { healthy: isHealthy }),
      goal: instance.goal,
    },
    ...(agent && {
      agentInfo: {
        host: agent.hostname,
        agentId: agent.id,
        ...(agent.region !== undefined && { region: agent.region }),
        ...(agent.zone !== undefined && { zone: agent.zone }),
        attributes: agent.attributes.map(attributeJson),
      },
    }),
    runSpecVersion: instance.version,
    unreachableStrategy,
  };
};
