/** Counters that are there from the start, at 0 (mesos.md 3.12). */

const MESSAGES = [
  'authenticate',
  'deactivate_framework',
  'decline_offers',
  'executor_to_framework',
  'exited_executor',
  'framework_to_executor',
  'kill_task',
  'launch_tasks',
  'operation_status_update',
  'operation_status_update_acknowledgement',
  'reconcile_operations',
  'reconcile_tasks',
  'register_framework',
  'register_slave',
  'reregister_framework',
  'reregister_slave',
  'resource_request',
  'revive_offers',
  'status_update',
  'status_update_acknowledgement',
  'suppress_offers',
  'unregister_framework',
  'unregister_slave',
  'update_slave',
];

const CHECKED = [
  'executor_to_framework_messages',
  'framework_to_executor_messages',
  'operation_status_update_acknowledgements',
  'operation_status_updates',
  'status_update_acknowledgements',
  'status_updates',
];

/** The counters of one framework. */
export const CALLS: readonly string[] = [
  'accept',
  'accept_inverse_offers',
  'acknowledge',
  'acknowledge_operation_status',
  'decline',
  'decline_inverse_offers',
  'kill',
  'message',
  'reconcile',
  'reconcile_operations',
  'request',
  'revive',
  'shutdown',
  'subscribe',
  'suppress',
  'teardown',
  'update_framework',
];

export const EVENTS: readonly string[] = [
  'error',
  'failure',
  'heartbeat',
  'inverse_offers',
  'message',
  'offers',
  'rescind',
  'rescind_inverse_offer',
  'subscribed',
  'update',
  'update_operation_status',
];

export const OFFER_ENDS: readonly string[] = ['accepted', 'declined', 'rescinded', 'sent'];

export const ENDED_TASKS: readonly string[] = [
  'dropped',
  'error',
  'failed',
  'finished',
  'gone',
  'gone_by_operator',
  'killed',
  'lost',
];

const OPERATIONS = [
  'create',
  'create_disk',
  'destroy',
  'destroy_disk',
  'grow_volume',
  'reserve',
  'shrink_volume',
  'unreserve',
];

export const FRAMEWORK_OPERATIONS: readonly string[] = [...OPERATIONS, 'launch', 'launch_group'];

/** `total` sums up the others. */
const OPERATION_STATES = [
  'dropped',
  'error',
  'failed',
  'finished',
  'gone_by_operator',
  'pending',
  'recovering',
  'total',
  'unreachable',
];

const AGENTS = [
  'recovery_slave_removals',
  'slave_registrations',
  'slave_removals',
  'slave_removals/reason_registered',
  'slave_removals/reason_unhealthy',
  'slave_removals/reason_unregistered',
  'slave_reregistrations',
  'slave_shutdowns_canceled',
  'slave_shutdowns_completed',
  'slave_shutdowns_scheduled',
  'slave_unreachable_canceled',
  'slave_unreachable_completed',
  'slave_unreachable_scheduled',
];

const PROCESS = [
  'dropped_messages',
  'event_queue_dispatches',
  'event_queue_http_requests',
  'event_queue_messages',
  'http_cache_hits',
];

export const COUNTERS: readonly string[] = [
  'allocator/event_queue_dispatches',
  'allocator/mesos/allocation_runs',
  'allocator/mesos/event_queue_dispatches',
  ...[
    ...AGENTS,
    ...PROCESS,
    ...MESSAGES.map((name) => `messages_${name}`),
    ...CHECKED.flatMap((name) => [`valid_${name}`, `invalid_${name}`]),
    ...ENDED_TASKS.map((name) => `tasks_${name}`),
    ...['', ...OPERATIONS.map((name) => `${name}/`)].flatMap((prefix) =>
      OPERATION_STATES.map((name) => `operations/${prefix}${name}`),
    ),
  ].map((name) => `master/${name}`),
];
