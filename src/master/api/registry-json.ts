import type { AgentInfo } from '../../mesos/generated/mesos.ts';
import { toEndpointFormat } from '../../mesos/resources/summary.ts';
import type { AdmittedAgent, MasterState } from '../core/state.ts';
import { quotaStatus, weightInfos } from './roles-json.ts';

/** What outlives a master, in the shape of Mesos' registry (mesos.md 4.5). */
export const registryJson = (state: MasterState): object => {
  const admitted = [...state.agents.values(), ...state.recoveredAgents.values()];
  const { configs } = quotaStatus(state);
  const weights = weightInfos(state);
  const { schedule } = state.maintenance;
  const machines = [...state.maintenance.machines.values()];
  const isDrainingNeeded = [...admitted, ...state.unreachableAgents.values()].some(
    ({ isDeactivated }) => isDeactivated,
  );
  const capabilities = [
    ...(configs ? [{ capability: 'QUOTA_V2' }] : []),
    ...(isDrainingNeeded ? [{ capability: 'AGENT_DRAINING' }] : []),
  ];
  return {
    master: { info: state.info },
    slaves: listOf(admitted.map(({ info, ...agent }) => ({ ...flagsJson(agent), info: infoJson(info) }))),
    unreachable: listOf(
      [...state.unreachableAgents].map(([id, agent]) => ({
        ...flagsJson(agent),
        id: { value: id },
        timestamp: { nanoseconds: agent.unreachableMs * 1e6 },
      })),
    ),
    gone: listOf(
      [...state.goneAgents].map(([id, { goneMs }]) => ({
        id: { value: id },
        timestamp: { nanoseconds: goneMs * 1e6 },
      })),
    ),
    machines: machines.length === 0 ? {} : { machines: machines.map((info) => ({ info })) },
    ...(schedule ? { schedules: [schedule] } : {}),
    ...(configs ? { quota_configs: configs } : {}),
    ...(capabilities.length === 0 ? {} : { minimum_capabilities: capabilities }),
    ...(weights.length === 0 ? {} : { weights: weights.map((info) => ({ info })) }),
  };
};

const listOf = (slaves: readonly object[]): object => (slaves.length === 0 ? {} : { slaves });

const flagsJson = ({
  isDeactivated,
  drain,
}: {
  isDeactivated: boolean;
  drain?: AdmittedAgent['drain'] | undefined;
}): object => ({
  deactivated: isDeactivated,
  ...(drain ? { drain_info: drain } : {}),
});

const infoJson = (info: AgentInfo): object => ({
  ...info,
  ...(info.resources ? { resources: info.resources.map(toEndpointFormat) } : {}),
});
