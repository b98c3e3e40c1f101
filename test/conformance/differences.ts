/** Something that Plenum answers otherwise than Mesos, on purpose. */
export interface Difference {
  /** The captures that it concerns; all of them unless told. Those that name captures must be seen, or be deleted. */
  readonly captures?: RegExp;
  /** Where: as in a mismatch, with `*` for any text. */
  readonly at: string;
  /** Only where the one says nothing. */
  readonly silent?: 'Mesos' | 'Plenum';
  readonly why: string;
}

/** What is not built yet: to be deleted with the feature. */
const UNBUILT: readonly Difference[] = [
  {
    at: '*capabilities[]*',
    silent: 'Plenum',
    why: 'Agents serve no resource providers.',
  },
  {
    captures: /^empty-(master-metrics_snapshot|op-GET_METRICS)$/,
    at: 'body.*_ms',
    silent: 'Plenum',
    why: 'A master that nobody came to has neither allocated nor written anything.',
  },
  {
    captures: /METRICS|metrics_snapshot/,
    at: 'body.*/consumed',
    silent: 'Plenum',
    why: 'Mesos lists what no role is (an empty name) as well.',
  },
];

/** What there is no equivalent of, because Plenum is built otherwise. */
const OTHERWISE_BUILT: readonly Difference[] = [
  ...['git_sha', 'build_date', 'build_time', 'build_user'].map((name) => ({
    at: `body.*${name}`,
    why: 'There is no build of Mesos to tell of.',
  })),
  {
    captures: /^master-help-api_v1$/,
    at: 'text',
    why: "The pages of help have Mesos' headings and Plenum's own words.",
  },
  { at: '*.gid', why: 'The group of files is that of whoever runs the tests.' },
  {
    captures: /^agentop-GET_CONTAINERS-nested$/,
    at: 'body.get_containers.containers[]*',
    why: 'The captured agent was still taking down a session whose command had ended; here that takes no time.',
  },
  { at: '*flags.launcher', why: 'A launcher of its own forks the commands, whatever isolates them.' },
  { at: '*flags.port', why: 'The ports of a test are free ones.' },
  { at: 'body.*flags.*', silent: 'Plenum', why: 'A flag is shown where there is something to set.' },
  {
    captures: /METRICS|metrics_snapshot/,
    at: 'body.*containerizer/mesos/provisioner/*',
    silent: 'Plenum',
    why: 'Nothing is provisioned.',
  },
  {
    at: 'body.*executor_info.command.*',
    why: 'The agent itself runs the commands of tasks: there is no executor with a command of its own.',
  },
];

/** Where Plenum says more, or what is truer. */
const MORE: readonly Difference[] = [
  { at: '*statistics.processes', silent: 'Mesos', why: 'Known without a cgroup.' },
  { at: '*statistics.threads', silent: 'Mesos', why: 'Known without a cgroup.' },
  {
    captures: /^op-SUBSCRIBE-stream$/,
    at: '*.agent_info.checkpoint',
    silent: 'Mesos',
    why: 'An agent is described in the event as it is everywhere else.',
  },
  {
    captures:
      /^(mid-op-GET_TASKS-with-check|final-.*|exec-04-agentop-GET_STATE|sched-46-.*|op-SUBSCRIBE-stream)$/,
    at: '*status*.message',
    why: 'A download that failed says which one and why, instead of how the fetcher exited.',
  },
  {
    captures: /^err-master-state-json$/,
    at: '*',
    why: 'The old names of endpoints are kept as aliases: many tools ask for them.',
  },
  {
    captures: /^pb-op-SUBSCRIBE-stream$/,
    at: 'events SUBSCRIBED *.get_tasks.completed_tasks',
    silent: 'Mesos',
    why: 'Mesos leaves out of this event, in protobuf, what it tells in JSON.',
  },
  {
    captures: /registr/,
    at: 'body.*',
    silent: 'Mesos',
    why: 'Mesos leaves parts of the registry out until they were first written; here they are there, and empty.',
  },
  {
    captures: /^op-w46-master-registrar-drained$/,
    at: 'body.slaves.slaves[].drain_info.config.max_grace_period',
    why: 'Drained again with other settings, Mesos keeps the old ones in the registry; here it keeps the new ones.',
  },
  {
    captures: /^(op-w25-GET_QUOTA-after|op-w26-SET_QUOTA-deprecated)$/,
    at: '*',
    why: 'A removed quota is gone; Mesos goes on listing the role and refuses another quota for it.',
  },
];

/** The end of a framework that is torn down with tasks: Mesos forgets how they end, Plenum tells it. */
const ENDS_OF_REMOVED_FRAMEWORKS: readonly Difference[] = [
  {
    captures: /^(busy|final)-agentop-GET_(TASKS|STATE)$|^exec-04-agentop-GET_STATE$/,
    at: 'body.*t*ed_tasks[]',
    why: 'Tasks of a removed framework are completed here, as nobody acknowledges their end any more.',
  },
  {
    captures: /^fo-17-op-GET_TASKS-gone$/,
    at: 'body.get_tasks.completed_tasks[]',
    why: 'Mesos lists a lost task once more, as running, when its agent is back from maintenance.',
  },
  {
    captures: /^(final-agent-state|op-w45-agent-state-draining)$/,
    at: 'body.completed_frameworks[].completed_executors[].completed_tasks[].stat*',
    why: 'How the task ended is told.',
  },
  {
    captures: /^final-agentop-GET_METRICS$/,
    at: '*slave/tasks_killed',
    why: 'They are counted, too.',
  },
];

/** What depends on how fast who was. */
const TIMING: readonly Difference[] = [
  {
    captures: /^op-w45-/,
    at: 'body.*resources*',
    why: 'The captured task was still being killed, here it is over and only its acknowledgement is missing.',
  },
  {
    captures: /^op-w45-agent-state-draining$/,
    at: 'body.frameworks[].executors[].*tasks[]',
    why: 'The captured task was still being killed.',
  },
  {
    captures: /^exec-04-agentop-/,
    at: 'body.*',
    why: 'The captured agent was still ending a task of the framework before.',
  },
  {
    at: 'events * *.task_updated.state',
    why: 'The newest state of a task may be ahead of the status that is told.',
  },
];

/** Texts in which resources stand in the order of Mesos' hash maps. */
const ORDER_IN_TEXTS: readonly Difference[] = [
  {
    captures: /^(sched-01-SUBSCRIBE|sched-45-SUBSCRIBE-operation-feedback)$/,
    at: 'events *.status.message',
    why: 'Resources stand in the order of the agent.',
  },
];

export const DIFFERENCES: readonly Difference[] = [
  ...UNBUILT,
  ...OTHERWISE_BUILT,
  ...MORE,
  ...ENDS_OF_REMOVED_FRAMEWORKS,
  ...TIMING,
  ...ORDER_IN_TEXTS,
];

/** Captures that are not replayed at all. */
export const LEFT_OUT: readonly { readonly captures: RegExp; readonly why: string }[] = [
  {
    captures: /-master-root$/,
    why: "The page at / is that of Mesos' web interface; Plenum's dashboard is the gateway's.",
  },
];
