import { NOTHING, plus, type Quantities } from './quantities.ts';
import { SERVICE_STATUSES, type ServiceStatus, type ServiceView } from './services.ts';

/** A group of Marathon with all that is below it. */
export interface GroupView {
  readonly kind: 'group';
  /** Its id: /shop/back. */
  readonly name: string;
  /** The worst of its services'. */
  readonly status: ServiceStatus;
  /** How many of its services have which status, the worst first. */
  readonly reason: string;
  readonly running: number;
  readonly wanted: number;
  readonly held: Quantities;
  readonly isOpen: boolean;
}

/** A line of the tree; `depth` counts the groups around it. */
export type TreeRow = (GroupView | ServiceView) & { readonly depth: number };

/**
 * Services within their groups, as lines from the top down: groups before services, each where the worst comes first, as in
 * the list that is given. What is in a closed group is counted there and left out.
 */
export const groupTree = (
  services: readonly ServiceView[],
  isClosed: (group: string) => boolean,
): readonly TreeRow[] => rowsOf(services, { prefix: '/', depth: 0, isClosed });

interface Level {
  /** The id of the group with a slash at its end. */
  readonly prefix: string;
  readonly depth: number;
  readonly isClosed: (group: string) => boolean;
}

const rowsOf = (services: readonly ServiceView[], level: Level): TreeRow[] => {
  const { prefix, depth, isClosed } = level;
  const groups = new Map<string, ServiceView[]>();
  const own: TreeRow[] = [];
  for (const service of services) {
    const slash = service.kind === 'framework' ? -1 : service.name.indexOf('/', prefix.length);
    if (slash === -1) {
      own.push({ ...service, depth });
      continue;
    }
    const id = service.name.slice(0, slash);
    const members = groups.get(id);
    if (members) members.push(service);
    else groups.set(id, [service]);
  }
  const within = [...groups].flatMap(([id, members]) => {
    const isOpen = !isClosed(id);
    const group = { ...summaryOf(id, members, isOpen), depth };
    return isOpen ? [group, ...rowsOf(members, { ...level, prefix: `${id}/`, depth: depth + 1 })] : [group];
  });
  return [...within, ...own];
};

const summaryOf = (name: string, members: readonly ServiceView[], isOpen: boolean): GroupView => {
  const counted = SERVICE_STATUSES.map((status) => ({
    status,
    count: members.filter((member) => member.status === status).length,
  })).filter(({ count }) => count > 0);
  return {
    kind: 'group',
    name,
    status: counted[0]?.status ?? 'Running',
    reason: counted.map(({ status, count }) => `${count} ${status.toLowerCase()}`).join(', '),
    running: members.reduce((sum, { running }) => sum + running, 0),
    wanted: members.reduce((sum, { wanted }) => sum + wanted, 0),
    held: members.reduce((sum, { held }) => plus(sum, held), NOTHING),
    isOpen,
  };
};
