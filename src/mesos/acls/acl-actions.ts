/** Who enforces a section of ACLs. */
type Enforcer = 'master' | 'agent' | 'both';

/**
 * The sections of Mesos' ACLs (mesos.md 6, `--acls`) that are enforced here, each with the field that says on what, and by
 * whom. One file serves masters and agents.
 */
export const ACL_ACTIONS = {
  register_frameworks: { object: 'roles', by: 'master' },
  run_tasks: { object: 'users', by: 'master' },
  teardown_frameworks: { object: 'framework_principals', by: 'master' },
  reserve_resources: { object: 'roles', by: 'master' },
  unreserve_resources: { object: 'reserver_principals', by: 'master' },
  create_volumes: { object: 'roles', by: 'master' },
  destroy_volumes: { object: 'creator_principals', by: 'master' },
  resize_volumes: { object: 'roles', by: 'master' },
  get_quotas: { object: 'roles', by: 'master' },
  update_quotas: { object: 'roles', by: 'master' },
  update_weights: { object: 'roles', by: 'master' },
  view_roles: { object: 'roles', by: 'both' },
  view_frameworks: { object: 'users', by: 'both' },
  view_tasks: { object: 'users', by: 'both' },
  view_executors: { object: 'users', by: 'both' },
  update_maintenance_schedules: { object: 'machines', by: 'master' },
  get_maintenance_schedules: { object: 'machines', by: 'master' },
  get_maintenance_statuses: { object: 'machines', by: 'master' },
  start_maintenances: { object: 'machines', by: 'master' },
  stop_maintenances: { object: 'machines', by: 'master' },
  register_agents: { object: 'agents', by: 'master' },
  mark_agents_gone: { object: 'agents', by: 'master' },
  drain_agents: { object: 'agents', by: 'master' },
  deactivate_agents: { object: 'agents', by: 'master' },
  reactivate_agents: { object: 'agents', by: 'master' },
  view_flags: { object: 'flags', by: 'both' },
  get_endpoints: { object: 'paths', by: 'both' },
  set_log_level: { object: 'level', by: 'both' },
  access_sandboxes: { object: 'users', by: 'agent' },
  access_mesos_logs: { object: 'logs', by: 'both' },
  view_containers: { object: 'users', by: 'agent' },
  launch_nested_containers_as_user: { object: 'users', by: 'agent' },
  launch_nested_containers_under_parent_with_user: { object: 'users', by: 'agent' },
  launch_nested_container_sessions_as_user: { object: 'users', by: 'agent' },
  launch_nested_container_sessions_under_parent_with_user: { object: 'users', by: 'agent' },
  wait_nested_containers: { object: 'users', by: 'agent' },
  kill_nested_containers: { object: 'users', by: 'agent' },
  remove_nested_containers: { object: 'users', by: 'agent' },
  attach_containers_input: { object: 'users', by: 'agent' },
  attach_containers_output: { object: 'users', by: 'agent' },
  view_standalone_containers: { object: 'users', by: 'agent' },
  launch_standalone_containers: { object: 'users', by: 'agent' },
  wait_standalone_containers: { object: 'users', by: 'agent' },
  kill_standalone_containers: { object: 'users', by: 'agent' },
  remove_standalone_containers: { object: 'users', by: 'agent' },
  modify_resource_provider_configs: { object: 'resource_providers', by: 'agent' },
  mark_resource_providers_gone: { object: 'resource_providers', by: 'agent' },
  prune_images: { object: 'images', by: 'agent' },
} as const satisfies Record<string, { object: string; by: Enforcer }>;

export type AclAction = keyof typeof ACL_ACTIONS;
