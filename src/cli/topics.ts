/** What the groups of commands are about, for help. */
export const TOPICS: Readonly<Record<string, { readonly description: string }>> = {
  auth: { description: 'Log in to clusters' },
  config: { description: 'What is kept of a cluster that was set up' },
  cluster: { description: 'Choose and set up the clusters that commands are about' },
  diagnostics: { description: 'Collect everything about a cluster in an archive, for those who help' },
  job: { description: 'Run programs that end by themselves: now, at given times, after others' },
  'job:schedule': { description: 'When jobs are run' },
  'job:show': { description: 'See a job, and what of it runs' },
  framework: { description: 'See and shut down frameworks' },
  maintenance: { description: 'Plan when machines are away, and take them down' },
  offer: { description: 'See what the master has on offer' },
  role: { description: 'See the roles, and what they use' },
  marathon: { description: 'Run apps, and follow their deployments' },
  'marathon:app': { description: 'Add, change and remove apps' },
  'marathon:app:version': { description: 'Earlier versions of apps' },
  'marathon:delay': { description: 'Do without the pause after failures' },
  'marathon:group': { description: 'Add, change and remove groups of apps' },
  'marathon:pod': { description: 'Add, change and remove pods: containers that belong together' },
  'marathon:leader': { description: 'The Marathon that leads' },
  'marathon:plugin': { description: 'Plugins of Marathon' },
  'marathon:task': { description: 'Tasks of apps, with their health' },
  'marathon:debug': { description: 'See why apps are not launched' },
  'marathon:deployment': { description: 'Follow, undo and stop deployments' },
  'node:diagnostics': { description: 'Bundles of diagnostics as DC/OS before 2.0 makes them' },
  'node:metrics': { description: 'What is measured of agents' },
  'task:metrics': { description: 'What is measured of tasks' },
  node: { description: 'See the agents, and take them out of use and back' },
  package: { description: 'Search, install, update and uninstall packages' },
  plugin: { description: 'Commands that packages and others add to this command line' },
  'package:repo': { description: 'Repositories that packages come from' },
  quota: { description: 'Limit and guarantee what groups may use' },
  security: { description: 'What must stay secret' },
  'security:secrets': { description: 'Passwords and keys of apps' },
  service: { description: 'See and shut down services, run a scheduler' },
  spark: { description: 'Give programs to the package spark' },
  task: { description: 'See tasks, what they print and their files' },
  universe: { description: 'Write packages of your own, and host them' },
};

/** Other words for commands, by the ids of what they stand for. */
export const ALIASES: Readonly<Record<string, string>> = {
  'marathon:app:rm': 'marathon:app:remove',
  'marathon:pod:rm': 'marathon:pod:remove',
  'job:rm': 'job:remove',
  'package:repo:rm': 'package:repo:remove',
  'cluster:rm': 'cluster:remove',
  'config:list': 'config:show',
};

/** What the original listed when a topic was typed alone, and does still, with a warning (cli.md 6 to 8). */
export const OLD_FORMS: Readonly<Record<string, string>> = {
  node: 'node:list',
  service: 'service:list',
  task: 'task:list',
};
