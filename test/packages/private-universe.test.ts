import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../support/wait-for.ts';
import { createPackageCluster, EVENTUALLY, type PackageCluster } from './support/package-cluster.ts';

/** A universe that is hosted on the cluster which installs from it. */

const SERVICE = 'private-universe';

let cluster: PackageCluster;

/** The repository as a cluster reads it, at the port of the service's only instance. */
const url = async (): Promise<string> => {
  const [task] = await cluster.home.json<{ host: string; ports: number[] }[]>(
    ...['marathon', 'task', 'list', `/${SERVICE}`],
  );
  return `http://${task?.host}:${task?.ports[0]}/repo`;
};

const found = async (name: string): Promise<boolean> =>
  (await cluster.home.run(['package', 'describe', name])).code === 0;

describe(SERVICE, () => {
  beforeAll(async () => {
    cluster = await createPackageCluster(1);
    await cluster.install(SERVICE);
  });

  afterAll(() => cluster?.remove());

  it('offers the packages of Plenum when package install --wait returns', async () => {
    const { text } = await cluster.ask(SERVICE, '/package/hello-world');
    expect(JSON.parse(text)).toMatchObject({ packages: [{ name: 'hello-world' }] });
  });

  it('offers a folder when its options are changed, from which the cluster installs', async () => {
    const repository = join(cluster.home.folder, 'my-universe');
    await cluster.home.must('universe', 'init', repository);
    await cluster.home.must('universe', 'new', 'my-service', '--repository', repository);
    await cluster.update(SERVICE, { [SERVICE]: { repository, interval: 1 } });
    await cluster.home.must('package', 'repo', 'add', 'private', await url(), '--index', '0');
    await waitFor('my-service is known', () => found('my-service'), EVENTUALLY);
    await cluster.install('my-service');
    await cluster.home.must('universe', 'new', 'another-service', '--repository', repository);
    await waitFor(
      'what is new in the folder is offered',
      async () => (await cluster.ask(SERVICE, '/package/another-service')).status === 200,
      EVENTUALLY,
    );
    await cluster.home.must('package', 'uninstall', 'my-service', '--yes', '--wait');
  });

  it('offers it again when it was killed with -9', async () => {
    await cluster.killTask(SERVICE);
    await waitFor(
      'it is served',
      async () => (await cluster.ask(SERVICE, '/package/my-service')).status === 200,
      EVENTUALLY,
    );
  });

  it('leaves nothing when it is uninstalled', () => cluster.uninstallLeavingNothing(SERVICE));
});
