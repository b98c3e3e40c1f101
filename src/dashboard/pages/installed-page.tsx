import { useState } from 'preact/hooks';
import { getApp } from '../feeds/marathon-calls.ts';
import { describeService, uninstallPackage } from '../feeds/package-calls.ts';
import type { ServiceDescription } from '../model/packages.ts';
import { goTo } from '../navigation.ts';
import { PackageFacts } from '../panels/package-facts.tsx';
import { ServiceDeployments } from '../panels/service-deployments.tsx';
import { ServiceHistory } from '../panels/service-history.tsx';
import { ServicePhases } from '../panels/service-phases.tsx';
import { UpdateService } from '../panels/update-service.tsx';
import { WaitingPanel } from '../panels/waiting-panel.tsx';
import { services } from '../store.ts';
import { Confirm } from '../view/dialog.tsx';
import { Link } from '../view/link.tsx';
import { Problem } from '../view/problem.tsx';
import { Tabs } from '../view/tabs.tsx';
import { useLive } from '../view/use-live.ts';

/** One package that is installed: how far it is, its options and versions, its history, and uninstalling it. */
export const InstalledPage = ({ appId }: { appId: string }) => {
  const { value, problem, reload } = useLive(`service ${appId}`, () => describeService(appId), {
    everyMs: 10_000,
  });
  const app = useLive(`app ${appId}`, () => getApp(appId), { everyMs: 1_500 });
  const link = services.value.find(({ kind, name }) => kind === 'app' && name === appId)?.link;
  return (
    <section class="panel wide">
      <div class="heading">
        <h1 tabIndex={-1}>{appId}</h1>
        {link === undefined ? null : <a href={link}>Open its pages</a>}
        <Link to={['services', 'app', appId]}>Its app</Link>
      </div>
      <Problem problem={problem} />
      {value === undefined ? null : (
        <>
          <p>
            Package <Link to={['packages', 'catalog', value.package.name]}>{value.package.name}</Link>{' '}
            {value.package.version}
          </p>
          <UninstallButton appId={appId} service={value} />
          {app.value === undefined ? null : <ServicePhases app={app.value} />}
          <WaitingPanel id={appId} />
          <ServiceDeployments id={appId} />
          {value.package.postInstallNotes === undefined ? null : (
            <p class="notes">{value.package.postInstallNotes}</p>
          )}
          <Tabs
            label={`Parts of ${appId}`}
            tabs={[
              {
                name: 'options',
                title: 'Options and version',
                view: () => <UpdateService appId={appId} service={value} onChange={reload} />,
              },
              {
                name: 'history',
                title: 'History',
                view: () => <ServiceHistory appId={appId} onChange={reload} />,
              },
              { name: 'about', title: 'About', view: () => <PackageFacts definition={value.package} /> },
            ]}
          />
        </>
      )}
    </section>
  );
};

const UninstallButton = ({ appId, service }: { appId: string; service: ServiceDescription }) => {
  const [isAsked, setAsked] = useState(false);
  const [keepData, setKeepData] = useState(false);
  const { name } = service.package;
  return (
    <div class="buttons is-left">
      <button type="button" class="danger" onClick={() => setAsked(true)}>
        Uninstall…
      </button>
      {isAsked ? (
        <Confirm
          title={`Uninstall ${appId}?`}
          action="Uninstall"
          typed={appId}
          onConfirm={() =>
            uninstallPackage({ packageName: name, appId, keepData }).then(() => goTo(['packages']))
          }
          onClose={() => setAsked(false)}
        >
          <p>
            Its app is removed, its framework is shut down, and its reservations and volumes are freed
            {keepData
              ? ', but for its data, which a later installation of the same name finds again.'
              : ', with all its data.'}
          </p>
          <label>
            <input
              type="checkbox"
              checked={keepData}
              onChange={({ currentTarget }) => setKeepData(currentTarget.checked)}
            />{' '}
            keep its data
          </label>
        </Confirm>
      ) : null}
    </div>
  );
};
