import { getTask } from '../feeds/master-calls.ts';
import { downloadPath, findSandbox } from '../feeds/sandbox-calls.ts';
import type { TaskDetail } from '../model/mesos.ts';
import { FilesPanel } from '../panels/files-panel.tsx';
import { LogPanel } from '../panels/log-panel.tsx';
import { TaskFacts } from '../panels/task-facts.tsx';
import { TaskStatuses } from '../panels/task-statuses.tsx';
import { TaskUsage } from '../panels/task-usage.tsx';
import { useTaskUsage } from '../panels/use-task-usage.ts';
import { Problem } from '../view/problem.tsx';
import { Tabs } from '../view/tabs.tsx';
import { TaskStateText } from '../view/task-state.tsx';
import { useLive } from '../view/use-live.ts';

/** One task: what it prints, its files, what it uses, what became of it. */
export const TaskPage = ({ id }: { id: string }) => {
  const { value: task, problem } = useLive(`task ${id}`, async () => ({ found: await getTask(id) }));
  return (
    <section class="panel wide">
      <div class="heading">
        <h1 tabIndex={-1} class="long">
          {id}
        </h1>
        {task?.found === undefined ? null : (
          <TaskStateText state={task.found.state} isHealthy={task.found.statuses.at(-1)?.healthy} />
        )}
      </div>
      <Problem problem={problem} />
      {task !== undefined && task.found === undefined ? (
        <p class="empty">
          The master does not know this task, or has forgotten it: <code>plenum task list --all</code>
        </p>
      ) : null}
      {task?.found === undefined ? null : <TaskParts task={task.found} />}
    </section>
  );
};

const TaskParts = ({ task }: { task: TaskDetail }) => {
  const { id, slave_id: agentId, state } = task;
  const sandbox = useLive(`sandbox ${id} ${state}`, async () => ({ root: await findSandbox(task) }), {
    everyMs: 15_000,
  });
  const root = sandbox.value?.root;
  // Measured whichever tab is shown, so that its curves are there when they are looked at.
  const usage = useTaskUsage(task);
  return (
    <>
      <TaskFacts task={task} />
      <Tabs
        label={`Parts of ${id}`}
        tabs={[
          {
            name: 'log',
            title: 'Log',
            view: () => (
              <LogPanel
                taskId={id}
                downloadOf={(file) =>
                  root === undefined ? undefined : downloadPath(agentId, `${root}/${file}`)
                }
              />
            ),
          },
          {
            name: 'files',
            title: 'Files',
            view: () => (
              <>
                <Problem problem={sandbox.problem} />
                {root === undefined ? (
                  <p class="empty">{sandbox.value ? 'Its sandbox is gone.' : 'Looking for its sandbox…'}</p>
                ) : (
                  <FilesPanel agentId={agentId} root={root} />
                )}
              </>
            ),
          },
          { name: 'usage', title: 'Usage', view: () => <TaskUsage task={task} usage={usage} /> },
          { name: 'states', title: 'States', view: () => <TaskStatuses task={task} /> },
        ]}
      />
    </>
  );
};
