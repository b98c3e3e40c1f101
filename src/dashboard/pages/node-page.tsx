import { useState } from 'preact/hooks';
import { deactivateAgent, drainAgent, reactivateAgent } from '../feeds/master-calls.ts';
import { reservationsOf } from '../model/reservations.ts';
import { NodeTasks } from '../panels/node-tasks.tsx';
import { ReservationsTable } from '../panels/reservations-table.tsx';
import { type NodeRow, nodes } from '../store.ts';
import { Bar } from '../view/bar.tsx';
import { Confirm } from '../view/dialog.tsx';
import { Facts } from '../view/facts.tsx';
import { formatCpus, formatMebibytes } from '../view/format.ts';
import { Labels } from '../view/labels.tsx';
import { NodeStatus } from '../view/node-status.tsx';
import { Problem } from '../view/problem.tsx';
import { Tabs } from '../view/tabs.tsx';
import { TimeText } from '../view/time-text.tsx';
import { useAction } from '../view/use-action.ts';

/** One agent: what it has, what runs on it, and taking it out of use. */
export const NodePage = ({ id }: { id: string }) => {
  const node = nodes.value.find((candidate) => candidate.id === id);
  if (node === undefined) {
    return (
      <section class="panel wide">
        <h1 tabIndex={-1}>{id}</h1>
        <p class="empty">
          No such agent is registered: <code>plenum node list</code>
        </p>
      </section>
    );
  }
  const { hostname, attributes, region, zone, version, registeredAtSeconds, used, total } = node;
  return (
    <section class="panel wide">
      <div class="heading">
        <h1 tabIndex={-1}>{hostname}</h1>
        <NodeStatus node={node} />
      </div>
      <NodeActions node={node} />
      <Facts
        facts={[
          [
            'Id',
            <span key="id" class="id">
              {id}
            </span>,
          ],
          ['CPU', <Bar key="cpu" part={used.cpus} whole={total.cpus} format={formatCpus} />],
          ['Memory', <Bar key="memory" part={used.mem} whole={total.mem} format={formatMebibytes} />],
          ['Disk', <Bar key="disk" part={used.disk} whole={total.disk} format={formatMebibytes} />],
          ['Attributes', <Labels key="attributes" labels={attributes} />],
          ['Region and zone', [region, zone].filter(Boolean).join(' / ')],
          ['Version', version],
          ['Registered', <TimeText key="registered" time={registeredAtSeconds} />],
        ]}
      />
      <Tabs
        label={`Parts of ${hostname}`}
        tabs={[
          { name: 'tasks', title: 'Tasks', view: () => <NodeTasks agentId={id} /> },
          {
            name: 'reservations',
            title: 'Reservations and volumes',
            view: () => <ReservationsTable rows={reservationsOf([node])} />,
          },
        ]}
      />
    </section>
  );
};

const NodeActions = ({ node: { id, hostname, outOfUse, taskCount } }: { node: NodeRow }) => {
  const [asked, setAsked] = useState<'drain' | 'deactivate'>();
  const { isBusy, problem, run } = useAction();
  const close = (): void => setAsked(undefined);
  return (
    <>
      <div class="buttons is-left">
        {outOfUse === undefined ? (
          <>
            <button type="button" onClick={() => setAsked('drain')}>
              Drain…
            </button>
            <button type="button" onClick={() => setAsked('deactivate')}>
              Deactivate…
            </button>
          </>
        ) : (
          <button type="button" disabled={isBusy} onClick={() => void run(() => reactivateAgent(id))}>
            Reactivate
          </button>
        )}
      </div>
      <Problem problem={problem} />
      {asked === 'drain' ? (
        <Confirm
          title={`Drain ${hostname}?`}
          action="Drain"
          onConfirm={() => drainAgent(id, { isGone: false })}
          onClose={close}
        >
          <p>
            Its {taskCount} tasks are killed, and launched elsewhere where they are wanted; nothing of it is
            offered until it is reactivated.
          </p>
        </Confirm>
      ) : null}
      {asked === 'deactivate' ? (
        <Confirm
          title={`Deactivate ${hostname}?`}
          action="Deactivate"
          onConfirm={() => deactivateAgent(id)}
          onClose={close}
        >
          <p>Its tasks go on; nothing of it is offered until it is reactivated.</p>
        </Confirm>
      ) : null}
    </>
  );
};
