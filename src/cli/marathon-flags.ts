import { boolean, string } from '@oclif/core/flags';

const text = (description: string, helpValue: string) => string({ description, helpValue });

/** The flags of a Marathon that runs alone, under Marathon's own names and with its defaults. */
export const marathonFlags = () => ({
  accepted_resource_roles_default_behavior: string({
    description:
      'What apps may use that do not say: any resources, unreserved or reserved ones; default: any',
    options: ['any', 'unreserved', 'reserved'],
  }),
  access_control_allow_origin: text('Pages of these origins may read the API; * stands for all', 'ORIGINS'),
  decline_offer_duration: text(
    'How long an offer that is of no use is not sent again, in ms; default: 120000',
    'MS',
  ),
  default_network_name: text('Network of apps that want a container network and name none', 'NAME'),
  deployment_deadline: text(
    'Deployments fail that make no progress for so many seconds, unless they say otherwise; default: 0, never',
    'SECONDS',
  ),
  deployment_deadline_action: string({
    description: 'What happens to them then: they are given up, or undone too; default: fail',
    options: ['fail', 'rollback'],
  }),
  draining_seconds: text(
    'Use no agent whose maintenance begins within so many seconds; default: 0',
    'SECONDS',
  ),
  enable_features: text('Abilities to switch on: external_volumes, secrets, gpu_resources', 'NAMES'),
  failover_timeout: text(
    'How many seconds the master keeps the tasks while Marathon is away; default: 604800',
    'SECONDS',
  ),
  framework_name: text('What it registers as; default: marathon', 'NAME'),
  gpu_scheduling_behavior: string({
    description: 'Whether agents with GPUs are kept for apps that use them; default: restricted',
    options: ['restricted', 'unrestricted'],
  }),
  local_port_max: text('Service ports are below this one; default: 20000', 'PORT'),
  local_port_min: text('The first service port; default: 10000', 'PORT'),
  max_instances_per_offer: text('How many instances are launched on one offer; default: 250', 'COUNT'),
  max_running_deployments: text('Deployments under way at a time; default: 100', 'COUNT'),
  mesos_authentication: boolean({ description: 'Log in to the master', allowNo: true }),
  mesos_authentication_principal: text('The principal it registers as', 'NAME'),
  mesos_authentication_secret: text('Its secret; a file keeps it out of sight', 'SECRET'),
  mesos_authentication_secret_file: text('File that holds the secret, readable by its owner only', 'FILE'),
  env_vars_prefix: text('What stands before HOST and PORT… in the environment of tasks', 'TEXT'),
  mesos_bridge_name: text('The network of bridge mode on agents; default: mesos-bridge', 'NAME'),
  mesos_role: text('The role of apps that name none; default: *', 'ROLE'),
  mesos_user: text('The user that tasks run as; default: who starts it', 'USER'),
  metrics_prometheus: boolean({ description: 'Serve /metrics/prometheus too' }),
  min_revive_offers_interval: text('Least time between two requests for offers, in ms; default: 100', 'MS'),
  new_group_enforce_role: string({
    description: 'Whether new top-level groups want all apps to have their role; default: off',
    options: ['off', 'top'],
  }),
  reconciliation_interval: text('How often all tasks are asked about, in ms; default: 600000', 'MS'),
  task_launch_confirm_timeout: text('Launches that are silent for so long are asked about, in ms', 'MS'),
  task_launch_timeout: text('Tasks that do not run after so long are ended, in ms; default: 300000', 'MS'),
  task_reservation_timeout: text('Reservations have to show up within so long, in ms; default: 20000', 'MS'),
  webui_url: text('Where people find it; default: where it listens', 'URL'),
  zk_max_versions: text('Versions that are kept of each app; default: 50', 'COUNT'),
});
