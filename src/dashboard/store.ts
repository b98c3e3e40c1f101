import { signal } from '@preact/signals';
import { readClusterName, readMarathon } from './feeds/marathon-feed.ts';
import { type FeedMode, followMaster } from './feeds/master-feed.ts';
import { ClusterState, type NodeView, type TaskView } from './model/cluster-state.ts';
import { type ClusterEvent, eventOfMaster, withEvents } from './model/events.ts';
import { type History, NO_HISTORY, withSample } from './model/history.ts';
import { NOTHING, type Quantities } from './model/quantities.ts';
import { EMPTY_MARATHON, type MarathonView, type ServiceView, servicesOf } from './model/services.ts';

/** However fast events come, the page is drawn anew at most this often. */
const REDRAW_MS = 100;
const SAMPLE_MS = 1_000;
const MARATHON_EVERY_MS = 3_000;
/** After a change of a task Marathon is asked again, once for a burst of them. */
const MARATHON_AFTER_CHANGE_MS = 300;

export interface NodeRow extends NodeView {
  readonly used: Quantities;
  readonly taskCount: number;
}

/** All that the page shows. */
export const mode = signal<FeedMode>('connecting');
export const clusterName = signal('');
export const nodes = signal<readonly NodeRow[]>([]);
export const tasks = signal<readonly TaskView[]>([]);
export const services = signal<readonly ServiceView[]>([]);
export const deploymentCount = signal(0);
export const used = signal<Quantities>(NOTHING);
export const total = signal<Quantities>(NOTHING);
export const history = signal<History>(NO_HISTORY);

export const events = signal<readonly ClusterEvent[]>([]);

/** Takes over what was heard of elsewhere. */
export const noteEvents = (added: readonly Omit<ClusterEvent, 'number'>[]): void => {
  if (added.length > 0) events.value = withEvents(events.value, added);
};

/** Starts to follow the cluster; called once. */
export const startFeeds = (): void => {
  const state = new ClusterState();
  let marathon: MarathonView = EMPTY_MARATHON;

  const publish = throttled(REDRAW_MS, () => {
    const live = state.tasks;
    tasks.value = live;
    nodes.value = nodeRows(state, live);
    services.value = servicesOf(state, marathon);
    deploymentCount.value = marathon.deploymentCount;
    used.value = state.used;
    total.value = state.total;
  });
  const askMarathon = throttled(MARATHON_AFTER_CHANGE_MS, async () => {
    const view = await readMarathon();
    if (!view) return;
    marathon = view;
    publish();
  });

  void followMaster(state, {
    onChange: () => {
      publish();
      askMarathon();
    },
    onMode: (value) => {
      mode.value = value;
    },
    onEvents: (heard) => noteEvents(heard.flatMap((event) => eventOfMaster(event, Date.now() / 1_000) ?? [])),
  });
  void readClusterName().then((name) => {
    clusterName.value = name;
  });
  askMarathon();
  setInterval(askMarathon, MARATHON_EVERY_MS);
  setInterval(() => {
    if (mode.value === 'connecting') return;
    history.value = withSample(history.value, Date.now() / 1_000, used.value, total.value);
  }, SAMPLE_MS);
};

const nodeRows = (state: ClusterState, all: readonly TaskView[]): NodeRow[] => {
  const counts = new Map<string, number>();
  for (const { agentId, isEnded } of all) {
    if (!isEnded) counts.set(agentId, (counts.get(agentId) ?? 0) + 1);
  }
  return [...state.nodes.values()]
    .map((node) => ({ ...node, used: state.usedOn(node.id), taskCount: counts.get(node.id) ?? 0 }))
    .sort((left, right) => left.id.localeCompare(right.id, 'en', { numeric: true }));
};

/** Runs the action once after calls of it, `delayMs` after the first. */
const throttled = (delayMs: number, action: () => void | Promise<void>): (() => void) => {
  let isPlanned = false;
  return () => {
    if (isPlanned) return;
    isPlanned = true;
    setTimeout(() => {
      isPlanned = false;
      void action();
    }, delayMs);
  };
};
