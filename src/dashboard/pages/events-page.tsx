import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { followMarathon } from '../feeds/marathon-events.ts';
import { type ClusterEvent, eventOfMarathon } from '../model/events.ts';
import { events, noteEvents } from '../store.ts';
import { FindBox, findText, found } from '../view/find-box.tsx';
import { type Column, Table } from '../view/table.tsx';
import { TaskLink } from '../view/task-link.tsx';

/** What is shown while new events are kept off the screen. */
const held = signal<readonly ClusterEvent[] | undefined>(undefined);

const COLUMNS: readonly Column<ClusterEvent>[] = [
  {
    title: 'Time',
    kind: 'number',
    cell: ({ atSeconds }) => new Date(atSeconds * 1_000).toLocaleTimeString(),
  },
  { title: 'From', cell: ({ source }) => source },
  { title: 'Event', cell: ({ type }) => <code>{type}</code> },
  {
    title: 'About',
    kind: 'wide',
    cell: ({ type, subject }) => (type.startsWith('TASK_') ? <TaskLink id={subject} /> : subject),
  },
  { title: 'What', kind: 'wide', cell: ({ text }) => <span title={text}>{text}</span> },
];

/** What happens in the cluster, the latest first. */
export const EventsPage = () => {
  useEffect(
    () =>
      followMarathon((data) => {
        const event = eventOfMarathon(data);
        if (event) noteEvents([event]);
      }),
    [],
  );
  const rows = found(
    held.value ?? events.value,
    ({ source, type, subject, text }) => `${source} ${type} ${subject} ${text}`,
  );
  return (
    <section class="panel wide">
      <div class="heading">
        <h1 tabIndex={-1}>
          Events <span class="count">{rows.length}</span>
        </h1>
        <label class="toggle">
          <input
            type="checkbox"
            checked={held.value !== undefined}
            onChange={({ currentTarget }) => {
              held.value = currentTarget.checked ? events.value : undefined;
            }}
          />{' '}
          hold
        </label>
        <FindBox label="Filter events" />
      </div>
      <Table
        label="Events"
        columns={COLUMNS}
        rows={rows}
        keyOf={({ number }) => String(number)}
        empty={
          findText() === '' ? (
            <>
              Nothing has happened since this page was opened. In a terminal: <code>plenum events</code>
            </>
          ) : (
            'No event fits the filter.'
          )
        }
      />
    </section>
  );
};
