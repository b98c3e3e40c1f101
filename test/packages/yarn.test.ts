import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../support/wait-for.ts';
import { runJava } from './support/java-client.ts';
import { createPackageCluster, EVENTUALLY, type PackageCluster } from './support/package-cluster.ts';
import { canRunJava, hasProgram } from './support/runtime.ts';

/** Real Apache Hadoop's YARN, given a MapReduce job by Hadoop's own client: it counts words. */

const isRunnable = (await canRunJava('yarn')) && hasProgram('bash', '--version');

let cluster: PackageCluster;
let folder: string;

/** What the client reads: where the service is, and the job, of which every class comes with Hadoop. */
const writeJob = async (output: string): Promise<string> => {
  const sites = ['yarn-site.xml', 'mapred-site.xml', 'core-site.xml'];
  const texts = await Promise.all(sites.map((name) => cluster.endpoint('yarn', name)));
  const settings = texts.flatMap((text) => text.match(/<property>.*<\/property>/g) ?? []);
  const own = Object.entries({
    'mapreduce.job.name': 'count words',
    'mapred.mapper.class': 'org.apache.hadoop.mapred.lib.TokenCountMapper',
    'mapred.combiner.class': 'org.apache.hadoop.mapred.lib.LongSumReducer',
    'mapred.reducer.class': 'org.apache.hadoop.mapred.lib.LongSumReducer',
    'mapreduce.job.output.key.class': 'org.apache.hadoop.io.Text',
    'mapreduce.job.output.value.class': 'org.apache.hadoop.io.LongWritable',
    'mapreduce.input.fileinputformat.inputdir': join(folder, 'input'),
    'mapreduce.output.fileoutputformat.outputdir': output,
    'mapreduce.job.maps': '1',
    'mapreduce.job.reduces': '1',
    'yarn.app.mapreduce.am.staging-dir': join(folder, 'staging'),
    'mapreduce.cluster.local.dir': join(folder, 'local'),
  }).map(([name, value]) => `<property><name>${name}</name><value>${value}</value></property>`);
  const file = join(folder, 'job.xml');
  await writeFile(file, `<configuration>${[...settings, ...own].join('\n')}</configuration>`);
  return file;
};

const countWords = async (output: string): Promise<string> => {
  const [beside = 0] = await cluster.processesOf('node-0-manager');
  const job = await writeJob(output);
  const main = 'org.apache.hadoop.mapred.JobClient';
  await runJava({ beside, main, args: ['-submit', job] });
  await waitFor('the job is done', () => existsSync(join(output, '_SUCCESS')), EVENTUALLY);
  return readFile(join(output, 'part-00000'), 'utf8');
};

const aliveNodes = async (): Promise<number> => {
  const response = await fetch(`${await cluster.endpoint('yarn', 'web')}/ws/v1/cluster/metrics`);
  const { clusterMetrics }: { clusterMetrics: { activeNodes: number } } = JSON.parse(await response.text());
  return clusterMetrics.activeNodes;
};

describe.skipIf(!isRunnable)('yarn', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plenum-yarn-'));
    await chmod(folder, 0o755);
    await mkdir(join(folder, 'input'));
    await writeFile(join(folder, 'input', 'words'), 'one two three\nthree two three\n');
    cluster = await createPackageCluster(1);
    await cluster.install('yarn', { node_manager: { count: 1 } });
    await waitFor('the node manager is known', async () => (await aliveNodes()) === 1, EVENTUALLY);
  });

  afterAll(async () => {
    await cluster?.remove();
    await rm(folder, { recursive: true, force: true });
  });

  it('runs a job when it is installed', async () => {
    expect(await countWords(join(folder, 'first'))).toBe('one\t1\nthree\t3\ntwo\t2\n');
  });

  it('remembers what it ran, and has its nodes again, when both managers were killed with -9', async () => {
    await cluster.killTask('node-0-manager');
    await cluster.killTask('resource-0-manager');
    await cluster.untilHealthy('yarn');
    await waitFor('the node manager is known', async () => (await aliveNodes()) === 1, EVENTUALLY);
    const response = await fetch(`${await cluster.endpoint('yarn', 'web')}/ws/v1/cluster/apps`);
    expect(JSON.parse(await response.text())).toMatchObject({
      apps: { app: [{ name: 'count words', finalStatus: 'SUCCEEDED' }] },
    });
  });

  it('has more nodes when its options are changed', async () => {
    await cluster.update('yarn', { node_manager: { count: 2, offered_cores: 2 } });
    await waitFor('two node managers are known', async () => (await aliveNodes()) === 2, EVENTUALLY);
  });

  it('leaves nothing when it is uninstalled', () => cluster.uninstallLeavingNothing('yarn'));
});
