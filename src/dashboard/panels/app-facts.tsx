import type { AppDetail } from '../model/marathon.ts';
import { Facts } from '../view/facts.tsx';
import { formatCpus, formatMebibytes } from '../view/format.ts';
import { Labels } from '../view/labels.tsx';
import { Link } from '../view/link.tsx';
import { TimeText } from '../view/time-text.tsx';

/** What an app runs, what each instance of it gets, and what happened to it last. */
export const AppFacts = ({ app }: { app: AppDetail }) => {
  const { cmd, args, container, cpus, mem, disk, gpus = 0, role, constraints = [] } = app;
  const { tasksRunning = 0, tasksHealthy = 0, healthChecks = [], lastTaskFailure: failure } = app;
  const packageName = app.labels?.DCOS_PACKAGE_NAME;
  return (
    <Facts
      facts={[
        ['Command', cmd === undefined ? args?.join(' ') : <code class="block">{cmd}</code>],
        ['Image', container?.docker?.image],
        ['Package', packageName && <Link to={['packages', 'installed', app.id]}>{packageName}</Link>],
        ['Instances', `${tasksRunning} of ${app.instances} running`],
        ['Healthy', healthChecks.length === 0 ? 'no health checks' : `${tasksHealthy} of ${tasksRunning}`],
        [
          'Each has',
          `${formatCpus(cpus)} CPU, ${formatMebibytes(mem)} memory, ${formatMebibytes(disk)} disk${
            gpus > 0 ? `, ${gpus} GPU` : ''
          }`,
        ],
        ['Role', role],
        ['Constraints', constraints.map((parts) => parts.join(' ')).join('; ')],
        ['Changed', <TimeText key="changed" time={app.version} />],
        ['Labels', <Labels key="labels" labels={app.labels} />],
        [
          'Last failure',
          failure && (
            <>
              {failure.state} on {failure.host}, <TimeText time={failure.timestamp} />: {failure.message}
            </>
          ),
        ],
      ]}
    />
  );
};
