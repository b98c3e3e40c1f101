import { boolean, string } from '@oclif/core/flags';

const text = (description: string, helpValue: string) => string({ description, helpValue });
const onOff = (description: string) => boolean({ description, allowNo: true });

/** What `plenum up` can say about the master, too. */
export const preemptionFlag = () =>
  onOff('Kill tasks of roles without a guarantee when a guarantee cannot be served otherwise');

/** Of masters and agents, and so of `plenum up`. */
export const aclsFlag = () =>
  text(
    'Who may do what, as JSON: plenum help permissions; default: whoever is let in everything',
    'JSON|FILE',
  );

/** The flags of a master under Mesos' names, with its defaults. */
export const masterFlags = () => ({
  acls: aclsFlag(),
  agent_ping_timeout: text('How long an agent may take to answer a ping; default: 15secs', 'DURATION'),
  agent_removal_rate_limit: text('How many agents are given up in which time, such as 1/10mins', 'RATE'),
  agent_reregister_timeout: text(
    'Time for agents to come back after they or the master were away; default: 10mins',
    'DURATION',
  ),
  allocation_interval: text('Time between two runs of the allocator; default: 1secs', 'DURATION'),
  domain: text('Where the master is: {"fault_domain":{"region":{"name":…},"zone":{"name":…}}}', 'JSON'),
  fair_sharing_excluded_resource_names: text('Resources that do not count in shares, such as gpus', 'NAMES'),
  filter_gpu_resources: onOff('Offer agents with GPUs to frameworks with GPU_RESOURCES only; default: yes'),
  framework_sorter: string({ description: 'Whose turn it is within a role', options: ['drf', 'random'] }),
  max_agent_ping_timeouts: text('Pings in a row without an answer after which an agent is given up', 'COUNT'),
  max_completed_frameworks: text('Frameworks that are remembered after their end; default: 50', 'COUNT'),
  max_completed_tasks_per_framework: text(
    'Tasks of a framework that are remembered after their end; default: 1000',
    'COUNT',
  ),
  max_operator_event_stream_subscribers: text('Open event streams of operators; default: 1000', 'COUNT'),
  max_unreachable_tasks_per_framework: text('Tasks remembered while out of reach; default: 1000', 'COUNT'),
  min_allocatable_resources: text('What is too little for an offer; default: cpus:0.01|mem:32', 'AMOUNTS'),
  offer_timeout: text('Take offers back that nobody answers for so long; default: never', 'DURATION'),
  preemption: preemptionFlag(),
  publish_per_framework_metrics: onOff('Publish metrics of each framework; default: yes'),
  recovery_agent_removal_limit: text(
    'End rather than give up more of the agents after a start; default: 100%',
    'PERCENT',
  ),
  registry_gc_interval: text('How often the registry forgets old agents; default: 15mins', 'DURATION'),
  registry_max_agent_age: text('How long lost agents are remembered; default: 2weeks', 'DURATION'),
  registry_max_agent_count: text('How many lost agents are remembered; default: 102400', 'COUNT'),
  require_agent_domain: onOff('Let only agents in that say where they are; default: no'),
  role_sorter: string({ description: 'Which role has its turn', options: ['drf', 'random'] }),
  roles: text('Roles that frameworks and quotas may name; default: any', 'NAMES'),
  root_submissions: onOff('Let frameworks run tasks as root; default: yes'),
  weights: text('Weights of roles until an operator sets any, such as eng=2,ops=1', 'WEIGHTS'),
  whitelist: text('File of host names, one a line: only these agents are offered', 'FILE'),
});
