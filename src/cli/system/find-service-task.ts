import type { MarathonClient } from '../../clients/marathon-client.ts';
import { CliError } from '../errors/cli-error.ts';
import { hintOfNearest } from '../errors/suggest-name.ts';

const LABEL = 'DCOS_PACKAGE_FRAMEWORK_NAME';

/** The task of the app that is a service's scheduler (cli.md 8). Throws CliError when it is not one. */
export const findServiceTask = async (marathon: MarathonClient, service: string): Promise<string> => {
  const all = await marathon.getApps();
  const apps = all.filter(({ labels }) => labels?.[LABEL] === service);
  const [app, ...others] = apps;
  if (!app) {
    throw new CliError('not-found', `No app is the scheduler of a service ${service}`, {
      hint: hintOfNearest(
        service,
        all.flatMap(({ labels }) => labels?.[LABEL] ?? []),
        'plenum service list shows the services',
      ),
    });
  }
  if (others.length > 0) {
    throw new CliError('conflict', `Several apps are the scheduler of ${service}`, {
      details: apps.map(({ id }) => id),
      hint: 'plenum task log APP shows the log of one of them',
    });
  }
  const { tasks = [] } = await marathon.getApp(app.id);
  const [task] = tasks;
  if (task && tasks.length === 1) return task.id;
  throw new CliError('failed', `${app.id} has ${tasks.length} tasks, and one is expected`, {
    hint: `plenum marathon app show ${app.id} tells more`,
  });
};
