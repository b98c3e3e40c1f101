import { NodesTable } from '../panels/nodes-table.tsx';
import { nodes } from '../store.ts';
import { FindBox, found } from '../view/find-box.tsx';

/** All agents. */
export const NodesPage = () => {
  const rows = found(
    nodes.value,
    ({ id, hostname, region, zone, outOfUse = '', attributes }) =>
      `${id} ${hostname} ${region} ${zone} ${outOfUse} ${JSON.stringify(attributes)}`,
  );
  return (
    <section class="panel wide">
      <div class="heading">
        <h1 tabIndex={-1}>
          Nodes <span class="count">{rows.length}</span>
        </h1>
        <FindBox label="Filter nodes" />
      </div>
      <NodesTable rows={rows} />
    </section>
  );
};
