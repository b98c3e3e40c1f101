import { useState } from 'preact/hooks';
import { deletePod, getPod, scalePod } from '../feeds/marathon-calls.ts';
import { goTo } from '../navigation.ts';
import { PodInstances } from '../panels/pod-instances.tsx';
import { ServiceDeployments } from '../panels/service-deployments.tsx';
import { WaitingPanel } from '../panels/waiting-panel.tsx';
import { services } from '../store.ts';
import { Confirm } from '../view/dialog.tsx';
import { JsonText } from '../view/json-text.tsx';
import { Problem } from '../view/problem.tsx';
import { ServiceStatusText } from '../view/service-status.tsx';
import { Tabs } from '../view/tabs.tsx';
import { useLive } from '../view/use-live.ts';

/** One pod: its instances with their containers, why it waits, and what it is. */
export const PodPage = ({ id }: { id: string }) => {
  const { value: pod, problem, reload } = useLive(`pod ${id}`, () => getPod(id));
  const listed = services.value.find(({ kind, name }) => kind === 'pod' && name === id);
  return (
    <section class="panel wide">
      <div class="heading">
        <h1 tabIndex={-1}>{id}</h1>
        {listed === undefined ? null : <ServiceStatusText status={listed.status} reason={listed.reason} />}
      </div>
      <Problem problem={problem} />
      {pod === undefined ? null : (
        <>
          <PodActions id={id} instances={pod.spec.scaling?.instances ?? 1} onChange={reload} />
          <WaitingPanel id={id} />
          <ServiceDeployments id={id} />
          <Tabs
            label={`Parts of ${id}`}
            tabs={[
              {
                name: 'instances',
                title: 'Instances',
                view: () => <PodInstances pod={pod} onChange={reload} />,
              },
              {
                name: 'configuration',
                title: 'Configuration',
                view: () => <JsonText label={`Definition of ${id}`} value={pod.spec} />,
              },
            ]}
          />
        </>
      )}
    </section>
  );
};

interface PodActionsProps {
  readonly id: string;
  readonly instances: number;
  readonly onChange: () => void;
}

const PodActions = ({ id, instances, onChange }: PodActionsProps) => {
  const [asked, setAsked] = useState<'scale' | 'remove'>();
  const [count, setCount] = useState('');
  const close = (): void => setAsked(undefined);
  return (
    <div class="buttons is-left">
      <button
        type="button"
        onClick={() => {
          setCount(String(instances));
          setAsked('scale');
        }}
      >
        Scale…
      </button>
      <button type="button" class="danger" onClick={() => setAsked('remove')}>
        Remove…
      </button>
      {asked === 'scale' ? (
        <Confirm
          title={`Scale ${id}`}
          action="Scale"
          onConfirm={() => scalePod(id, Number(count)).then(onChange)}
          onClose={close}
        >
          <label class="field is-short">
            <span>Instances</span>
            <input
              type="number"
              min="0"
              required
              value={count}
              onInput={({ currentTarget }) => setCount(currentTarget.value)}
            />
          </label>
        </Confirm>
      ) : null}
      {asked === 'remove' ? (
        <Confirm
          title={`Remove ${id}?`}
          action="Remove"
          typed={id}
          onConfirm={() => deletePod(id).then(() => goTo(['services']))}
          onClose={close}
        >
          <p>Its instances end, and its definition and its volumes are gone.</p>
        </Confirm>
      ) : null}
    </div>
  );
};
