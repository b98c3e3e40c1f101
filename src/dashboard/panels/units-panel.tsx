import { getUnits } from '../feeds/cluster-calls.ts';
import { Problem } from '../view/problem.tsx';
import { Status } from '../view/status.tsx';
import { useLive } from '../view/use-live.ts';

/** The parts of the control plane, and what is wrong with them. */
export const UnitsPanel = () => {
  const { value = [], problem } = useLive('units', getUnits, { everyMs: 10_000 });
  return (
    <section class="panel wide">
      <h2>Components</h2>
      <Problem problem={problem} />
      <ul class="phases">
        {value.map(({ id, name, description, health, output = '' }) => (
          <li key={id} title={description}>
            <Status tone={health === 0 ? 'good' : 'bad'}>{name}</Status>{' '}
            <span class="dim">{health === 0 ? 'healthy' : `ill: ${output}`}</span>
          </li>
        ))}
      </ul>
    </section>
  );
};
