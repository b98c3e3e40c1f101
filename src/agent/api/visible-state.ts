import type { AgentState, Framework, Run, TaskRecord } from '../core/state.ts';
import type { Permission } from './permission.ts';

/** What reads show of the state. */
export type VisibleState = Pick<AgentState, 'agentId' | 'frameworks' | 'runs' | 'tasks' | 'operations'>;

/** As whom an executor runs, and what belongs to it. */
export const userOfRun = (
  { frameworks }: Pick<AgentState, 'frameworks'>,
  { record }: Run,
): string | undefined => record.info.command?.user ?? frameworks.get(record.frameworkId)?.info.user;

/** The frameworks, executors and tasks that somebody may see, by their users (`view_…` of the ACLs). */
export const visibleState = (state: AgentState, { isUnlimited, may }: Permission): VisibleState => {
  if (isUnlimited) return state;
  const isTaskShown = ({ info, frameworkId }: TaskRecord): boolean => {
    const framework = state.frameworks.get(frameworkId);
    const user = info.command?.user ?? info.executor?.command?.user ?? framework?.info.user;
    return isFrameworkShown(framework) && may('view_tasks', user);
  };
  const isFrameworkShown = (framework: Framework | undefined): framework is Framework =>
    framework !== undefined && may('view_frameworks', framework.info.user);
  const isRunShown = (run: Run): boolean =>
    isFrameworkShown(state.frameworks.get(run.record.frameworkId)) &&
    may('view_executors', userOfRun(state, run));
  const visibleRun = (run: Run): Run => ({
    ...run,
    tasks: where(run.tasks, isTaskShown),
    completedTasks: run.completedTasks.filter(isTaskShown),
  });
  const visibleFramework = (framework: Framework): Framework => ({
    ...framework,
    runs: mapped(where(framework.runs, isRunShown), visibleRun),
    completedRuns: framework.completedRuns.filter(isRunShown).map(visibleRun),
  });
  return {
    agentId: state.agentId,
    frameworks: mapped(where(state.frameworks, isFrameworkShown), visibleFramework),
    runs: mapped(where(state.runs, isRunShown), visibleRun),
    tasks: where(state.tasks, isTaskShown),
    operations: where(state.operations, ({ operation: { framework_id } }) => {
      const framework = framework_id && state.frameworks.get(framework_id.value);
      return framework_id === undefined || isFrameworkShown(framework);
    }),
  };
};

const where = <Value>(
  all: ReadonlyMap<string, Value>,
  isShown: (value: Value) => boolean,
): Map<string, Value> => new Map([...all].filter(([, value]) => isShown(value)));

const mapped = <Value>(all: ReadonlyMap<string, Value>, show: (value: Value) => Value): Map<string, Value> =>
  new Map([...all].map(([key, value]) => [key, show(value)]));
