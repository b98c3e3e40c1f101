import type { AclAction } from '../../mesos/acls/acl-actions.ts';
import { type Acls, isAuthorized, mayAll } from '../../mesos/acls/acls.ts';
import type { FrameworkInfo, MachineID, Task } from '../../mesos/generated/mesos.ts';
import type { CompletedFramework } from '../core/state.ts';
import type { ClusterView, FrameworkView } from './documents/cluster-view.ts';
import type { MasterFacts } from './master-facts.ts';

/** What somebody gets to see of a master. */
export interface Visibility {
  /** Who sees the same has the same key. */
  readonly key: string;
  /** Whether all frameworks, tasks, executors and roles are shown. */
  readonly isWhole: boolean;
  readonly view: (view: ClusterView) => ClusterView;
  readonly facts: (facts: MasterFacts) => MasterFacts;
  readonly isFrameworkShown: (info: FrameworkInfo) => boolean;
  readonly isRoleShown: (role: string) => boolean;
  readonly isQuotaShown: (role: string) => boolean;
  /** A machine in the maintenance schedule, and in its status. */
  readonly isScheduleShown: (machine: MachineID) => boolean;
  readonly isStatusShown: (machine: MachineID) => boolean;
  /** The master's own log. */
  readonly isLogShown: boolean;
}

const WHOLE: Visibility = {
  key: '',
  isWhole: true,
  view: (view) => view,
  facts: (facts) => facts,
  isFrameworkShown: () => true,
  isRoleShown: () => true,
  isQuotaShown: () => true,
  isScheduleShown: () => true,
  isStatusShown: () => true,
  isLogShown: true,
};

const VIEWS = ['view_frameworks', 'view_tasks', 'view_executors', 'view_roles'] as const;

/** As the ACLs say: `view_…` by the user of a framework, task or executor, or by role. Agents are shown to everybody. */
export const visibilityOf = (acls: Acls | undefined, principal: string | undefined): Visibility => {
  if (acls === undefined) return WHOLE;
  const may = (action: AclAction, object?: string): boolean =>
    isAuthorized(acls, { action, principal, object });
  const isWhole = VIEWS.every((action) => mayAll(acls, action, principal));
  return {
    key: isWhole && may('view_flags') ? WHOLE.key : JSON.stringify(principal ?? null),
    isWhole,
    view: (view) => visibleView(view, may),
    facts: (facts) => (may('view_flags') ? facts : { ...facts, flags: {} }),
    isFrameworkShown: ({ user }) => may('view_frameworks', user),
    isRoleShown: (role) => may('view_roles', role),
    isQuotaShown: (role) => may('get_quotas', role),
    isScheduleShown: (machine) => may('get_maintenance_schedules', machineName(machine)),
    isStatusShown: (machine) => may('get_maintenance_statuses', machineName(machine)),
    isLogShown: may('access_mesos_logs'),
  };
};

/** What rules about machines name. */
export const machineName = ({ hostname, ip }: MachineID): string | undefined => hostname ?? ip;

type May = (action: AclAction, object: string) => boolean;

const visibleView = (view: ClusterView, may: May): ClusterView => {
  const isShown = ({ info }: Pick<FrameworkView, 'info'>): boolean => may('view_frameworks', info.user);
  return {
    ...view,
    frameworks: view.frameworks.filter(isShown).map((framework) => visibleFramework(framework, may)),
    completedFrameworks: view.completedFrameworks
      .filter(isShown)
      .map((framework) => visibleCompleted(framework, may)),
  };
};

const isTaskShown =
  (info: FrameworkInfo, may: May) =>
  ({ user }: Task): boolean =>
    may('view_tasks', user ?? info.user);

const visibleFramework = (framework: FrameworkView, may: May): FrameworkView => {
  const { info, tasks, unreachableTasks, completedTasks, executors } = framework;
  const isShown = isTaskShown(info, may);
  return {
    ...framework,
    tasks: tasks.filter(isShown),
    unreachableTasks: unreachableTasks.filter(isShown),
    completedTasks: completedTasks.filter(isShown),
    executors: executors.filter((executor) =>
      may('view_executors', executor.info.command?.user ?? info.user),
    ),
  };
};

const visibleCompleted = (framework: CompletedFramework, may: May): CompletedFramework => {
  const isShown = isTaskShown(framework.info, may);
  return {
    ...framework,
    completedTasks: framework.completedTasks.filter(isShown),
    unreachableTasks: new Map([...framework.unreachableTasks].filter(([, task]) => isShown(task))),
  };
};
