/** The types that Marathon tells of (marathon.md 1.12); a browser hears only those that it was told to listen to. */
const TYPES = [
  'api_post_event',
  'app_terminated_event',
  'deployment_failed',
  'deployment_info',
  'deployment_step_failure',
  'deployment_step_success',
  'deployment_success',
  'failed_health_check_event',
  'group_change_failed',
  'group_change_success',
  'health_status_changed_event',
  'instance_changed_event',
  'instance_health_changed_event',
  'pod_created_event',
  'pod_deleted_event',
  'pod_updated_event',
  'status_update_event',
  'unhealthy_instance_kill_event',
  'unhealthy_task_kill_event',
  'unknown_instance_terminated_event',
];

/** Listens to Marathon until it is stopped; after a break the browser asks for what it has missed. */
export const followMarathon = (onEvent: (data: string) => void): (() => void) => {
  const source = new EventSource('/service/marathon/v2/events?plan-format=light');
  for (const type of TYPES) source.addEventListener(type, ({ data }) => onEvent(data));
  return () => source.close();
};
