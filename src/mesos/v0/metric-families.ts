/** As of `src/runtime`, which this room does not know. */
interface Sample {
  labels: Record<string, string>;
  value: number;
}

interface MetricFamily {
  name: string;
  type: 'counter' | 'gauge';
  help: string;
  samples: Sample[];
}

/** One family whose labels are in the names of Mesos' metrics. */
interface Rule {
  /** Its groups are the labels, by name. */
  readonly pattern: RegExp;
  readonly family: string;
  readonly type: MetricFamily['type'];
  readonly help: string;
}

/** Sums of what other metrics tell in parts. */
const SUMS =
  /^master\/frameworks\/[^/]+\/[^/]+\/(calls|events|operations)$|^master\/operations\/([a-z_]+\/)?total$/;

const FRAMEWORK = String.raw`^master\/frameworks\/(?<framework>[^/]+)\/(?<framework_id>[^/]+)`;

const quota = (kind: string): string =>
  `^allocator/mesos/quota/roles/(?<role>.+)/resources/(?<resource>[^/]+)/${kind}$`;

const RESOURCE_HELP = { total: 'Resources', used: 'Resources in use', percent: 'Part in use' } as const;

const rule = (family: string, type: MetricFamily['type'], pattern: string, help: string): Rule => ({
  family: `mesos_${family}`,
  type,
  pattern: new RegExp(pattern),
  help,
});

const RULES: readonly Rule[] = [
  rule('framework_calls_total', 'counter', `${FRAMEWORK}/calls/(?<call>[a-z_]+)$`, 'Calls of a framework'),
  rule(
    'framework_events_total',
    'counter',
    `${FRAMEWORK}/events/(?<event>[a-z_]+)$`,
    'Events sent to a framework',
  ),
  rule(
    'framework_operations_total',
    'counter',
    `${FRAMEWORK}/operations/(?<operation>[a-z_]+)$`,
    'Operations on offers',
  ),
  rule(
    'framework_offers_total',
    'counter',
    `${FRAMEWORK}/offers/(?<outcome>[a-z_]+)$`,
    'Offers to a framework',
  ),
  rule(
    'framework_tasks',
    'gauge',
    `${FRAMEWORK}/tasks/active/task_(?<state>[a-z_]+)$`,
    'Tasks that are not over',
  ),
  rule(
    'framework_tasks_ended_total',
    'counter',
    `${FRAMEWORK}/tasks/terminal/task_(?<state>[a-z_]+)$`,
    'Tasks that ended',
  ),
  rule(
    'framework_role_suppressed',
    'gauge',
    `${FRAMEWORK}/roles/(?<role>.+)/suppressed$`,
    'Whether it wants no offers in a role',
  ),
  rule('framework_subscribed', 'gauge', `${FRAMEWORK}/subscribed$`, 'Whether the framework is subscribed'),
  rule('allocator_quota_guarantee', 'gauge', quota('guarantee'), 'What a role is guaranteed'),
  rule('allocator_quota_limit', 'gauge', quota('limit'), 'What a role may have at the most'),
  rule('allocator_quota_consumed', 'gauge', quota('consumed'), 'What a role has of its quota'),
  rule(
    'allocator_quota_offered_or_allocated',
    'gauge',
    quota('offered_or_allocated'),
    'What a role has of its quota, offers included',
  ),
  rule(
    'allocator_offer_filters_active',
    'gauge',
    String.raw`^allocator\/mesos\/offer_filters\/roles\/(?<role>.+)\/active$`,
    'Refusals in force',
  ),
  rule(
    'allocator_role_dominant_share',
    'gauge',
    String.raw`^allocator\/mesos\/roles\/(?<role>.+)\/shares\/dominant$`,
    'Dominant share of a role',
  ),
  rule(
    'allocator_resources',
    'gauge',
    String.raw`^allocator\/mesos\/resources\/(?<resource>[^/]+)\/total$`,
    'Resources of all agents',
  ),
  rule(
    'allocator_resources_offered_or_allocated',
    'gauge',
    String.raw`^allocator\/mesos\/resources\/(?<resource>[^/]+)\/offered_or_allocated$`,
    'Resources that are not free',
  ),
  rule(
    'master_task_ends_total',
    'counter',
    String.raw`^master\/task_(?<state>[a-z_]+)\/source_(?<source>[a-z_]+)\/reason_(?<reason>[a-z_]+)$`,
    'Ends of tasks by who told them and why',
  ),
  rule(
    'master_operations',
    'gauge',
    String.raw`^master\/operations\/(?<operation>[a-z_]+)\/(?<state>[a-z_]+)$`,
    'Operations on resources',
  ),
  rule(
    'master_messages_total',
    'counter',
    String.raw`^master\/messages_(?<message>[a-z_]+)$`,
    'Messages that were received',
  ),
  rule(
    'master_agent_removals_total',
    'counter',
    String.raw`^master\/slave_removals\/reason_(?<reason>[a-z_]+)$`,
    'Agents that were removed',
  ),
  ...(['master', 'slave'] as const).flatMap((part) => [
    rule(
      `${part}_tasks`,
      'gauge',
      `^${part}/tasks_(?<state>staging|starting|running|killing|unreachable)$`,
      'Tasks that are not over',
    ),
    rule(`${part}_tasks_ended_total`, 'counter', `^${part}/tasks_(?<state>[a-z_]+)$`, 'Tasks that ended'),
    ...(['total', 'used', 'percent'] as const).flatMap((kind) => [
      rule(
        `${part}_revocable_resources_${kind}`,
        'gauge',
        `^${part}/(?<resource>[a-z]+)_revocable_${kind}$`,
        RESOURCE_HELP[kind],
      ),
      rule(
        `${part}_resources_${kind}`,
        'gauge',
        `^${part}/(?<resource>cpus|gpus|mem|disk)_${kind}$`,
        RESOURCE_HELP[kind],
      ),
    ]),
  ]),
  rule(
    'slave_executors',
    'gauge',
    '^slave/executors_(?<phase>registering|running|terminating)$',
    'Executors by phase',
  ),
];

/**
 * The metrics of a master or an agent, as they stand in /metrics/snapshot (mesos.md 3.12), as families with labels: what Mesos puts
 * into names (frameworks, roles, resources, states) are labels. Timers are families with the label `stat`.
 */
export const metricFamilies = (
  metrics: Readonly<Record<string, number>>,
  isCounter: (name: string) => boolean,
): MetricFamily[] => {
  const families = new Map<string, MetricFamily>();
  for (const [name, value] of Object.entries(metrics)) {
    if (SUMS.test(name)) continue;
    const { labels, ...family } = placeOf(name, isCounter(name));
    const known = families.get(family.name) ?? { ...family, samples: [] };
    families.set(family.name, known);
    known.samples.push({ labels, value });
  }
  return [...families.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
};

type Place = Omit<MetricFamily, 'samples'> & { labels: Record<string, string> };

const placeOf = (name: string, isCounter: boolean): Place => {
  for (const { pattern, family, type, help } of RULES) {
    const match = pattern.exec(name);
    if (match) return { name: family, type, help, labels: labelsOf(match.groups) };
  }
  const [, timer, stat] = /^(.*_ms)(?:\/(\w+))?$/.exec(name) ?? [];
  if (timer !== undefined) {
    return {
      name: nameOf(timer),
      type: 'gauge',
      help: `${timer} of Mesos`,
      labels: { stat: stat ?? 'last' },
    };
  }
  const suffix = isCounter ? '_total' : '';
  return {
    name: `${nameOf(name)}${suffix}`,
    type: isCounter ? 'counter' : 'gauge',
    help: `${name} of Mesos`,
    labels: {},
  };
};

const nameOf = (name: string): string => `mesos_${name.replaceAll(/[^a-zA-Z0-9_]/g, '_')}`;

const labelsOf = (groups: Record<string, string> = {}): Record<string, string> => {
  const { framework, ...others } = groups;
  return framework === undefined ? { ...others } : { framework: decodeURIComponent(framework), ...others };
};
