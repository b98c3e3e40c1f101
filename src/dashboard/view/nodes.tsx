import { nodes } from '../store.ts';
import { Bar } from './bar.tsx';
import { formatCpus, formatMebibytes } from './format.ts';
import { Status } from './status.tsx';

/** Every agent with what its tasks hold of it. */
export const Nodes = () => (
  <section class="panel wide">
    <h2>
      Nodes <span class="count">{nodes.value.length}</span>
    </h2>
    {nodes.value.length === 0 ? (
      <p class="empty">No agent is registered.</p>
    ) : (
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th>Host</th>
              <th>Status</th>
              <th class="number">Tasks</th>
              <th>CPU</th>
              <th>Memory</th>
              <th>Disk</th>
              <th>Id</th>
            </tr>
          </thead>
          <tbody>
            {nodes.value.map((node) => (
              <tr key={node.id}>
                <td>{node.hostname}</td>
                <td>
                  <Status tone={node.isActive ? 'good' : 'bad'}>
                    {node.isActive ? 'Active' : 'Inactive'}
                  </Status>
                </td>
                <td class="number">{node.taskCount}</td>
                <td>
                  <Bar part={node.used.cpus} whole={node.total.cpus} format={formatCpus} />
                </td>
                <td>
                  <Bar part={node.used.mem} whole={node.total.mem} format={formatMebibytes} />
                </td>
                <td>
                  <Bar part={node.used.disk} whole={node.total.disk} format={formatMebibytes} />
                </td>
                <td class="id">{node.id}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    )}
  </section>
);
