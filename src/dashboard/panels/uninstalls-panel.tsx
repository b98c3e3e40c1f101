import { getUninstalls } from '../feeds/package-calls.ts';
import { formatState } from '../view/format.ts';
import { Status } from '../view/status.tsx';
import { useLive } from '../view/use-live.ts';

/** Uninstallations that are under way, or were given up, with what holds them. */
export const UninstallsPanel = () => {
  const { value = [] } = useLive('uninstalls', getUninstalls, { everyMs: 2_000 });
  const shown = value.filter(({ uninstall }) => uninstall !== undefined && uninstall.state !== 'DONE');
  if (shown.length === 0) return null;
  return (
    <>
      <h2>Being uninstalled</h2>
      <ul class="why">
        {shown.map(({ appId, packageName, uninstall }) => (
          <li key={uninstall?.id}>
            {appId} ({packageName}):{' '}
            <Status tone={uninstall?.state === 'FAILED' ? 'bad' : 'busy'}>
              {uninstall?.state === 'FAILED' ? 'given up' : formatState(uninstall?.phase ?? 'begun')}
            </Status>{' '}
            {uninstall?.problem}
          </li>
        ))}
      </ul>
    </>
  );
};
