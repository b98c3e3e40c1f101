import type { AppDetail } from '../model/marathon.ts';
import { phasesOf } from '../model/service-phases.ts';
import { services } from '../store.ts';
import { Status } from '../view/status.tsx';

/** How far a service is on its way to be of use. */
export const ServicePhases = ({ app }: { app: AppDetail }) => {
  const phases = phasesOf(app, (framework) =>
    services.value.some(
      ({ kind, name, status }) => kind === 'framework' && name === framework && status === 'Running',
    ),
  );
  return (
    <ol class="phases" aria-label="How far it is">
      {phases.map(({ name, isReached, text }) => (
        <li key={name}>
          <Status tone={isReached ? 'good' : 'busy'}>{name}</Status> <span class="dim">{text}</span>
        </li>
      ))}
    </ol>
  );
};
