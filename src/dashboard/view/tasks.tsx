import { computed, signal } from '@preact/signals';
import type { TaskView } from '../model/cluster-state.ts';
import { history, nodes, tasks } from '../store.ts';
import { formatAge, formatCpus, formatMebibytes, formatState } from './format.ts';
import { Status, type Tone } from './status.tsx';

/** More rows than these are found with the filter. */
const MOST_ROWS = 100;

const filter = signal('');
const isEndedShown = signal(false);

const shown = computed(() => {
  const wanted = filter.value.trim().toLowerCase();
  return tasks.value
    .filter((task) => isEndedShown.value || !task.isEnded)
    .filter((task) => wanted === '' || `${task.id} ${task.name} ${task.state}`.toLowerCase().includes(wanted))
    .toReversed();
});

const toneOf = ({ state, isHealthy }: TaskView): Tone => {
  if (state === 'TASK_RUNNING') return isHealthy === false ? 'bad' : 'good';
  if (state === 'TASK_FINISHED' || state === 'TASK_KILLED') return 'quiet';
  return /STAGING|STARTING|KILLING/.test(state) ? 'busy' : 'bad';
};

const hostOf = (agentId: string): string => nodes.value.find(({ id }) => id === agentId)?.hostname ?? agentId;

/** Tasks, the latest change first. */
export const Tasks = () => {
  const now = history.value.seconds.at(-1) ?? 0;
  return (
    <section class="panel half">
      <div class="heading">
        <h2>
          Tasks <span class="count">{shown.value.length}</span>
        </h2>
        <label class="toggle">
          <input
            type="checkbox"
            checked={isEndedShown}
            onChange={({ currentTarget }) => {
              isEndedShown.value = currentTarget.checked;
            }}
          />
          ended too
        </label>
        <input
          type="search"
          placeholder="Filter"
          aria-label="Filter tasks"
          value={filter}
          onInput={({ currentTarget }) => {
            filter.value = currentTarget.value;
          }}
        />
      </div>
      {shown.value.length === 0 ? (
        <p class="empty">No task{filter.value === '' ? ' runs' : ' fits the filter'}.</p>
      ) : (
        <div class="scroll">
          <table>
            <thead>
              <tr>
                <th>Task</th>
                <th>State</th>
                <th>Host</th>
                <th class="number">CPU</th>
                <th class="number">Memory</th>
                <th class="number">Since</th>
              </tr>
            </thead>
            <tbody>
              {shown.value.slice(0, MOST_ROWS).map((task) => (
                <tr key={`${task.frameworkId} ${task.id}`}>
                  <td class="id" title={task.id}>
                    {task.id}
                  </td>
                  <td>
                    <Status tone={toneOf(task)}>
                      {task.isHealthy === false && !task.isEnded ? 'unhealthy' : formatState(task.state)}
                    </Status>
                  </td>
                  <td>{hostOf(task.agentId)}</td>
                  <td class="number">{formatCpus(task.resources.cpus)}</td>
                  <td class="number">{formatMebibytes(task.resources.mem)}</td>
                  <td class="number">
                    {task.updatedAtSeconds > 0 && now > 0 ? formatAge(now - task.updatedAtSeconds) : ''}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {shown.value.length > MOST_ROWS ? (
        <p class="dim">{shown.value.length - MOST_ROWS} more: narrow the filter to see them.</p>
      ) : null}
    </section>
  );
};
