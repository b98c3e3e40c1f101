import { APP_DEFINITIONS } from '../feeds/definition-calls.ts';
import { getApp } from '../feeds/marathon-calls.ts';
import { statusOfApp } from '../model/services.ts';
import { AppActions } from '../panels/app-actions.tsx';
import { AppFacts } from '../panels/app-facts.tsx';
import { AppTasks } from '../panels/app-tasks.tsx';
import { DefinitionVersions } from '../panels/definition-versions.tsx';
import { ServiceDeployments } from '../panels/service-deployments.tsx';
import { WaitingPanel } from '../panels/waiting-panel.tsx';
import { services } from '../store.ts';
import { Problem } from '../view/problem.tsx';
import { ServiceStatusText } from '../view/service-status.tsx';
import { Tabs } from '../view/tabs.tsx';
import { useLive } from '../view/use-live.ts';

/** One app: how it is doing, why it waits, its instances, its versions, and what can be done with it. */
export const AppPage = ({ id }: { id: string }) => {
  const { value: app, problem, reload } = useLive(`app ${id}`, () => getApp(id));
  const listed = services.value.find(({ kind, name }) => kind === 'app' && name === id);
  return (
    <section class="panel wide">
      <div class="heading">
        <h1 tabIndex={-1}>{id}</h1>
        {app === undefined ? null : <ServiceStatusText status={listed?.status ?? statusOfApp(app, false)} />}
        {listed?.link === undefined ? null : <a href={listed.link}>Open its pages</a>}
      </div>
      <Problem problem={problem} />
      {app === undefined ? null : (
        <>
          <AppActions app={app} onChange={reload} />
          <WaitingPanel id={id} />
          <ServiceDeployments id={id} />
          <AppFacts app={app} />
          <Tabs
            label={`Parts of ${id}`}
            tabs={[
              {
                name: 'instances',
                title: 'Instances',
                view: () => <AppTasks app={app} onChange={reload} />,
              },
              {
                name: 'configuration',
                title: 'Configuration and versions',
                view: () => (
                  <DefinitionVersions
                    id={id}
                    calls={APP_DEFINITIONS}
                    current={app.version}
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
