import type { ServiceStatus } from '../model/services.ts';
import { services } from '../store.ts';
import { formatCpus, formatMebibytes } from './format.ts';
import { Status, type Tone } from './status.tsx';

const TONES: Readonly<Record<ServiceStatus, Tone>> = {
  Unavailable: 'bad',
  Degraded: 'bad',
  Waiting: 'busy',
  Deploying: 'busy',
  Stopped: 'quiet',
  Running: 'good',
};

/** Apps, pods and frameworks, those that need a look first. */
export const Services = () => (
  <section class="panel half">
    <h2>
      Services <span class="count">{services.value.length}</span>
    </h2>
    {services.value.length === 0 ? (
      <p class="empty">
        Nothing runs yet: <code>plenum package install hello-world</code>
      </p>
    ) : (
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th>Name</th>
              <th>Status</th>
              <th class="number">Running</th>
              <th class="number">CPU</th>
              <th class="number">Memory</th>
            </tr>
          </thead>
          <tbody>
            {services.value.map(({ name, kind, status, reason, running, wanted, held, link }) => (
              <tr key={`${kind} ${name}`}>
                <td>
                  {link === undefined ? name : <a href={link}>{name}</a>} <span class="kind">{kind}</span>
                </td>
                <td>
                  <Status tone={TONES[status]} title={reason}>
                    {status}
                  </Status>
                  {reason === '' ? null : <span class="dim reason">{reason}</span>}
                </td>
                <td class="number">{kind === 'framework' ? running : `${running} / ${wanted}`}</td>
                <td class="number">{formatCpus(held.cpus)}</td>
                <td class="number">{formatMebibytes(held.mem)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    )}
  </section>
);
