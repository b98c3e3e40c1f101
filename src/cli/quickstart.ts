import { orUndefinedIfMissing } from '../clients/api-error.ts';
import type { MarathonApp } from '../clients/marathon-types.ts';
import type { ClusterStatus } from '../cluster/status.ts';
import { clusterStatus } from '../cluster/status.ts';
import { up } from '../cluster/up.ts';
import type { FollowOptions } from './apps/follow-deployment.ts';
import { isUsable, waitForApp, waitUntilUsable } from './apps/wait-for-app.ts';
import type { Progress } from './output/progress.ts';

/** Runs on any machine: it needs a shell and nothing else. */
export const QUICKSTART_APP = {
  id: '/hello',
  cmd: 'while true; do echo "Hello from $MESOS_TASK_ID on $HOST at $(date)"; sleep 5; done',
  instances: 2,
  cpus: 0.05,
  mem: 16,
  labels: { PLENUM_QUICKSTART: 'true' },
};

/** The cluster as it is when all of it runs: started when it did not. */
export const ensureUp = async (home: string, name: string, progress: Progress): Promise<ClusterStatus> => {
  const existing = statusIfThere(home, name);
  if (existing?.state === 'up') return existing;
  progress.say(`Starting cluster ${name}`);
  return up({ home, name });
};

const statusIfThere = (home: string, name: string): ClusterStatus | undefined => {
  try {
    return clusterStatus(home, name);
  } catch {
    // There is none, or `up` says better what is wrong with it.
    return undefined;
  }
};

/** The app running with all its instances, deployed when it was not there. */
export const ensureQuickstartApp = async (options: FollowOptions): Promise<MarathonApp> => {
  const { marathon } = options;
  const { id } = QUICKSTART_APP;
  const existing = await orUndefinedIfMissing(marathon.getApp(id));
  if (existing && isUsable(existing)) return existing;
  if (existing) return waitUntilUsable(id, options);
  const created = await marathon.createApp(QUICKSTART_APP);
  const [deployment] = created.deployments ?? [];
  return deployment === undefined
    ? waitUntilUsable(id, options)
    : waitForApp({ appId: id, deploymentId: deployment.id }, options);
};

/** What runs, and what to try next. */
export const quickstartText = ({ addresses, agents }: ClusterStatus, app: MarathonApp): string => {
  const { tasksRunning = 0, instances = 0 } = app;
  return `A datacenter of ${agents.length} agents runs on this machine, and the app ${app.id} on it (${tasksRunning} of ${instances} instances).

  Dashboard                 ${addresses.gateway}/
  What runs                 npx plenum task list
  What the app prints       npx plenum task log hello --follow
  More instances            npx plenum marathon app scale /hello 5 --wait
  An app of your own        npx plenum marathon app add app.json --wait
  Packages                  npx plenum package search
  A real HDFS (needs a JVM) npx plenum package install hdfs --yes --wait
  Stop everything           npx plenum down
`;
};
