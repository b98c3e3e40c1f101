import { POD_DEFINITIONS } from '../feeds/definition-calls.ts';
import { deletePod, getPod, scalePod } from '../feeds/marathon-calls.ts';
import { DefinitionVersions } from '../panels/definition-versions.tsx';
import { PodInstances } from '../panels/pod-instances.tsx';
import { RemoveButton } from '../panels/remove-button.tsx';
import { ScaleButton } from '../panels/scale-button.tsx';
import { ServiceDeployments } from '../panels/service-deployments.tsx';
import { WaitingPanel } from '../panels/waiting-panel.tsx';
import { services } from '../store.ts';
import { Problem } from '../view/problem.tsx';
import { ServiceStatusText } from '../view/service-status.tsx';
import { Tabs } from '../view/tabs.tsx';
import { useLive } from '../view/use-live.ts';

/** One pod: its instances with their containers, why it waits, its versions, and what can be done with it. */
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
          <div class="buttons is-left">
            <ScaleButton
              id={id}
              instances={pod.spec.scaling?.instances ?? 1}
              onScale={(count) => scalePod(id, count).then(reload)}
            />
            <RemoveButton
              id={id}
              onRemove={() => deletePod(id)}
              warning="Its instances end, and its definition and its volumes are gone."
            />
          </div>
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
                title: 'Configuration and versions',
                view: () => (
                  <DefinitionVersions
                    id={id}
                    calls={POD_DEFINITIONS}
                    current={pod.spec.version}
                    onChange={reload}
                  />
                ),
              },
            ]}
          />
        </>
      )}
    </section>
  );
};
