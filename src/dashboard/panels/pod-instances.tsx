import { useState } from 'preact/hooks';
import { killPodInstance } from '../feeds/marathon-calls.ts';
import type { Pod, PodContainer, PodInstance } from '../model/pod-service.ts';
import { Confirm } from '../view/dialog.tsx';
import { formatCpus, formatMebibytes } from '../view/format.ts';
import { Status } from '../view/status.tsx';
import { type Column, Table } from '../view/table.tsx';
import { TaskLink } from '../view/task-link.tsx';
import { TaskStateText } from '../view/task-state.tsx';
import { TimeText } from '../view/time-text.tsx';

const COLUMNS: readonly Column<PodContainer>[] = [
  { title: 'Container', cell: ({ name }) => name },
  {
    title: 'State',
    cell: ({ status, conditions = [], message = '' }) => (
      <>
        <TaskStateText state={status} isHealthy={healthOf(conditions)} />
        {message === '' ? null : <span class="dim reason">{message}</span>}
      </>
    ),
  },
  { title: 'Task', kind: 'id', cell: ({ containerId = '' }) => <TaskLink id={containerId} /> },
  {
    title: 'Ports',
    cell: ({ endpoints = [] }) =>
      endpoints.map(({ name, allocatedHostPort: port }) => `${name} ${port ?? ''}`).join(', '),
  },
  { title: 'CPU', kind: 'number', cell: ({ resources }) => formatCpus(resources?.cpus ?? 0) },
  { title: 'Memory', kind: 'number', cell: ({ resources }) => formatMebibytes(resources?.mem ?? 0) },
  { title: 'Since', cell: ({ statusSince }) => <TimeText time={statusSince} /> },
];

/** Undefined where nothing checks it, or no answer is there yet. */
const healthOf = (conditions: NonNullable<PodContainer['conditions']>): boolean | undefined => {
  const condition = conditions.find(({ name }) => name === 'healthy');
  return condition === undefined || condition.reason?.includes('unreported')
    ? undefined
    : condition.value === 'true';
};

/** The instances of a pod, each with its containers, and how the last ones ended. */
export const PodInstances = ({ pod, onChange }: { pod: Pod; onChange: () => void }) => {
  const { instances = [], terminationHistory: endings = [] } = pod;
  const [killed, setKilled] = useState<string>();
  return (
    <>
      {instances.length === 0 ? <p class="empty">No instance of it is there.</p> : null}
      {instances.map((instance) => (
        <Instance key={instance.id} instance={instance} onKill={setKilled} />
      ))}
      {endings.length === 0 ? null : (
        <>
          <h2>Ended</h2>
          <Table
            label="Ended instances"
            columns={[
              { title: 'Instance', kind: 'id', cell: ({ instanceID }) => instanceID },
              { title: 'Ended', cell: ({ terminatedAt }) => <TimeText time={terminatedAt} /> },
              { title: 'Why', kind: 'wide', cell: ({ message = '' }) => message },
            ]}
            rows={endings}
            keyOf={({ instanceID, terminatedAt = '' }) => `${instanceID} ${terminatedAt}`}
            empty=""
          />
        </>
      )}
      {killed === undefined ? null : (
        <Confirm
          title="Kill this instance?"
          action="Kill"
          onConfirm={() => killPodInstance(pod.id, killed).then(onChange)}
          onClose={() => setKilled(undefined)}
        >
          <p>
            All containers of <span class="id">{killed}</span> end, and another one is launched in its place.
          </p>
        </Confirm>
      )}
    </>
  );
};

const Instance = ({ instance, onKill }: { instance: PodInstance; onKill: (id: string) => void }) => {
  const { id = '', status, agentHostname = '', message = '', containers = [] } = instance;
  return (
    <article class="card" aria-label={`Instance ${id}`}>
      <div class="heading">
        <h2 class="id">{id}</h2>
        <Status tone={status === 'STABLE' ? 'good' : status === 'DEGRADED' ? 'bad' : 'busy'}>
          {status.toLowerCase()}
        </Status>
        <span class="dim">{agentHostname}</span>
        <button type="button" aria-label={`Kill ${id}`} onClick={() => onKill(id)}>
          Kill…
        </button>
      </div>
      {message === '' ? null : <p>{message}</p>}
      <Table
        label={`Containers of ${id}`}
        columns={COLUMNS}
        rows={containers}
        keyOf={({ name }) => name}
        empty="It has no containers yet."
      />
    </article>
  );
};
