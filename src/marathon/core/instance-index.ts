import { type Instance, isActive } from './instance.ts';

/** What the counts need to know about an instance and that is not in its record. */
export interface Assessment {
  /** Its configuration is the app's present one. */
  readonly isCurrent: boolean;
  /** All checks pass; undefined while a result is missing, and when there are no checks. */
  readonly isHealthy: boolean | undefined;
  /** It runs, its checks pass, and so did its readiness checks: it may serve. */
  readonly isReady: boolean;
}

/** An instance and what was made of it when it, or something about it, changed last. */
export interface Assessed {
  readonly instance: Instance;
  readonly assessment: Assessment;
}

/** Numbers of the instances of one app; kept up to date with every change, so that no question has to count. */
export interface AppCounts {
  total: number;
  /** Those that nobody has decided to forget: goal Running or Stopped. */
  kept: number;
  /** Goal Running, without those that are unreachable for so long that they are replaced. */
  wanted: number;
  wantedReady: number;
  /** Those of `wanted` with the present configuration. */
  current: number;
  currentReady: number;
  /** Goal other than Running, but their task may still exist. */
  ending: number;
  staged: number;
  running: number;
  healthy: number;
  unhealthy: number;
}

interface Entry extends Assessed {
  readonly kinds: readonly (keyof AppCounts)[];
}

interface AppEntry {
  readonly entries: Map<string, Entry>;
  /** Waiting for an offer. */
  readonly scheduled: Set<string>;
  readonly counts: AppCounts;
}

const NO_COUNTS: Readonly<AppCounts> = {
  total: 0,
  kept: 0,
  wanted: 0,
  wantedReady: 0,
  current: 0,
  currentReady: 0,
  ending: 0,
  staged: 0,
  running: 0,
  healthy: 0,
  unhealthy: 0,
};
const NO_IDS: ReadonlySet<string> = new Set();

/** All instances, by id and by app. */
export class InstanceIndex {
  readonly #assess: (instance: Instance) => Assessment;
  readonly #apps = new Map<string, AppEntry>();
  readonly #byId = new Map<string, Instance>();
  readonly #launching = new Set<string>();
  readonly #unreachable = new Set<string>();

  constructor(assess: (instance: Instance) => Assessment) {
    this.#assess = assess;
  }

  get(id: string): Instance | undefined {
    return this.#byId.get(id);
  }

  all(): IterableIterator<Instance> {
    return this.#byId.values();
  }

  /** Instances whose launch is under way: Provisioned, Staging or Starting. */
  get launching(): ReadonlySet<string> {
    return this.#launching;
  }

  get unreachable(): ReadonlySet<string> {
    return this.#unreachable;
  }

  /** Apps that have instances, whether or not they still exist. */
  appIds(): IterableIterator<string> {
    return this.#apps.keys();
  }

  ofApp(appId: string): Instance[] {
    const app = this.#apps.get(appId);
    return app === undefined ? [] : [...app.entries.values()].map(({ instance }) => instance);
  }

  /** Those that count as `wanted`, all or those with or without the present configuration, each with what is made of it. */
  wanted(appId: string, isCurrent?: boolean): Assessed[] {
    const assessed: Assessed[] = [];
    for (const entry of this.#apps.get(appId)?.entries.values() ?? []) {
      if (isCurrent !== undefined && entry.assessment.isCurrent !== isCurrent) continue;
      if (entry.kinds.includes('wanted')) assessed.push(entry);
    }
    return assessed;
  }

  counts(appId: string): Readonly<AppCounts> {
    return this.#apps.get(appId)?.counts ?? NO_COUNTS;
  }

  scheduled(appId: string): ReadonlySet<string> {
    return this.#apps.get(appId)?.scheduled ?? NO_IDS;
  }

  put(instance: Instance): void {
    const app = this.#appEntry(instance.appId);
    const before = app.entries.get(instance.id);
    if (before) count(app.counts, before.kinds, -1);
    const assessment = this.#assess(instance);
    const kinds = kindsOf(instance, assessment);
    count(app.counts, kinds, 1);
    app.entries.set(instance.id, { instance, assessment, kinds });
    this.#byId.set(instance.id, instance);
    toggle(app.scheduled, instance.id, instance.goal === 'Running' && instance.condition === 'Scheduled');
    toggle(this.#launching, instance.id, STAGED.has(instance.condition));
    toggle(this.#unreachable, instance.id, instance.condition.startsWith('Unreachable'));
  }

  /** Something that `assess` looks at has changed. */
  refresh(id: string): void {
    const instance = this.#byId.get(id);
    if (instance) this.put(instance);
  }

  refreshApp(appId: string): void {
    for (const instance of this.ofApp(appId)) this.put(instance);
  }

  remove(id: string): void {
    const instance = this.#byId.get(id);
    const app = instance && this.#apps.get(instance.appId);
    if (!instance || !app) return;
    const entry = app.entries.get(id);
    if (entry) count(app.counts, entry.kinds, -1);
    app.entries.delete(id);
    app.scheduled.delete(id);
    if (app.entries.size === 0) this.#apps.delete(instance.appId);
    this.#byId.delete(id);
    this.#launching.delete(id);
    this.#unreachable.delete(id);
  }

  #appEntry(appId: string): AppEntry {
    const known = this.#apps.get(appId);
    if (known) return known;
    const entry: AppEntry = { entries: new Map(), scheduled: new Set(), counts: { ...NO_COUNTS } };
    this.#apps.set(appId, entry);
    return entry;
  }
}

const STAGED: ReadonlySet<string> = new Set(['Provisioned', 'Staging', 'Starting']);

const kindsOf = (instance: Instance, assessment: Assessment): (keyof AppCounts)[] => {
  const { goal, condition } = instance;
  const kinds: (keyof AppCounts)[] = ['total'];
  if (goal !== 'Decommissioned') kinds.push('kept');
  if (goal === 'Running' && condition !== 'UnreachableInactive') {
    kinds.push('wanted');
    if (assessment.isReady) kinds.push('wantedReady');
    if (assessment.isCurrent) kinds.push('current');
    if (assessment.isCurrent && assessment.isReady) kinds.push('currentReady');
  } else if (goal !== 'Running' && isActive(condition)) {
    kinds.push('ending');
  }
  if (STAGED.has(condition)) kinds.push('staged');
  if (condition === 'Running') {
    kinds.push('running');
    if (assessment.isHealthy !== undefined) kinds.push(assessment.isHealthy ? 'healthy' : 'unhealthy');
  }
  return kinds;
};

const count = (counts: AppCounts, kinds: readonly (keyof AppCounts)[], by: 1 | -1): void => {
  for (const kind of kinds) counts[kind] += by;
};

const toggle = (ids: Set<string>, id: string, isIn: boolean): void => {
  if (isIn) ids.add(id);
  else ids.delete(id);
};
