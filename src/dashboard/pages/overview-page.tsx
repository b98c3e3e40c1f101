import { Allocation } from '../panels/allocation.tsx';
import { NodesTable } from '../panels/nodes-table.tsx';
import { ServicesTable } from '../panels/services-table.tsx';
import { UnitsPanel } from '../panels/units-panel.tsx';
import { deploymentCount, type NodeRow, nodes, services } from '../store.ts';
import { Link } from '../view/link.tsx';

const MOST_SERVICES = 8;
const MOST_NODES = 8;

/** Those that are not in use come first. */
const needy = (rows: readonly NodeRow[]): readonly NodeRow[] =>
  rows.toSorted((left, right) => Number(isInUse(left)) - Number(isInUse(right)));

const isInUse = ({ isActive, outOfUse }: NodeRow): boolean => isActive && outOfUse === undefined;

/** How the cluster is doing: what is held of it, what needs a look, where there is room. */
export const OverviewPage = () => {
  const count = deploymentCount.value;
  return (
    <>
      <h1 tabIndex={-1} class="hidden">
        Overview
      </h1>
      <Allocation />
      <section class="panel wide">
        <div class="heading">
          <h2>
            Services <span class="count">{services.value.length}</span>
          </h2>
          {count === 0 ? null : (
            <Link to={['deployments']}>
              {count} {count === 1 ? 'deployment' : 'deployments'} under way
            </Link>
          )}
          <Link to={['services']}>All services</Link>
        </div>
        <ServicesTable
          rows={services.value.slice(0, MOST_SERVICES)}
          empty={
            <>
              Nothing runs yet: <code>plenum package install hello-world</code>
            </>
          }
        />
      </section>
      <section class="panel wide">
        <div class="heading">
          <h2>
            Nodes <span class="count">{nodes.value.length}</span>
          </h2>
          <Link to={['nodes']}>All nodes</Link>
        </div>
        <NodesTable rows={needy(nodes.value).slice(0, MOST_NODES)} />
      </section>
      <UnitsPanel />
    </>
  );
};
