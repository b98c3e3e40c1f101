import type { ContainerInfo, Label, NetworkInfo, TaskInfo } from '../../mesos/generated/mesos.ts';

/** Names the apps that may connect to a container, joined by commas; a label of a network, or of a task. */
export const ALLOWED_PEERS_LABEL = 'PLENUM_ALLOWED_PEERS';

/** The networks that a container is attached to, in a network namespace that is not the host's. */
export interface NetworkPlan {
  /** The container whose namespace it is: itself, or the one that it is nested in. */
  readonly ownerId: string;
  /** Those that have a name; none at all is a namespace that leads nowhere. */
  readonly infos: readonly NetworkInfo[];
  /** Undefined lets the container's id be its host name. */
  readonly hostname: string | undefined;
  /** What other containers call it in their lists of peers. */
  readonly names: readonly string[];
  /** Who may connect where a network's own label says nothing; undefined is everybody. */
  readonly allowedPeers: readonly string[] | undefined;
}

/** A network plan of the container's own, from what its task or executor asks for; undefined is the host's network. */
export const networkPlanOf = (
  ownerId: string,
  container: ContainerInfo | undefined,
  tasks: readonly TaskInfo[],
): NetworkPlan | undefined => {
  const infos = (container?.network_infos ?? []).filter(({ name }) => name !== undefined);
  const isCutOff = container?.docker?.network === 'NONE';
  if (infos.length === 0 && !isCutOff) return undefined;
  return {
    ownerId,
    infos,
    hostname: container?.hostname,
    names: [...new Set(tasks.flatMap(namesOf))],
    allowedPeers: peersIn(tasks.flatMap(({ labels }) => labels?.labels ?? [])),
  };
};

/** The apps that labels allow to connect; undefined when no label says so, empty when it allows nobody. */
export const peersIn = (labels: readonly Label[]): string[] | undefined => {
  const found = labels.filter(({ key }) => key === ALLOWED_PEERS_LABEL);
  if (found.length === 0) return undefined;
  return found.flatMap(({ value = '' }) => value.split(',').map((name) => name.trim())).filter(Boolean);
};

const namesOf = ({ name, discovery, command }: TaskInfo): string[] =>
  [
    name,
    discovery?.name,
    command?.environment?.variables?.find((variable) => variable.name === 'MARATHON_APP_ID')?.value,
  ].flatMap((text) => (text === undefined || text === '' ? [] : [text]));
