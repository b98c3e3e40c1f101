import { execFileSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../support/wait-for.ts';
import { createPackageCluster, EVENTUALLY, type PackageCluster } from './support/package-cluster.ts';
import { canRunJava, hasProgram } from './support/runtime.ts';

/** Real Apache Spark, given a program that is compiled against it. */

const isRunnable = (await canRunJava('spark')) && hasProgram('javac', '-version');
const PROGRAM = `
import java.nio.file.*;
import org.apache.spark.sql.SparkSession;
import static org.apache.spark.sql.functions.*;

public class SumOfSquares {
  public static void main(String[] args) throws Exception {
    SparkSession spark = SparkSession.builder().getOrCreate();
    long sum = spark.range(1, Long.parseLong(args[0]) + 1).repartition(2)
        .agg(sum(col("id").multiply(col("id")))).first().getLong(0);
    Files.writeString(Path.of(args[1]), Long.toString(sum));
    spark.stop();
  }
}`;
const SUM = '333833500';

let cluster: PackageCluster;
let folder: string;
let program: string;

/** Compiles the program with what the master has. */
const compile = async (): Promise<string> => {
  const [master] = await cluster.processesOf('master-0-server');
  const source = join(folder, 'SumOfSquares.java');
  const archive = join(folder, 'program.jar');
  await writeFile(source, PROGRAM);
  execFileSync('javac', ['-cp', `${readlinkSync(`/proc/${master}/cwd`)}/jars/*`, '-d', folder, source]);
  execFileSync('jar', ['cf', archive, '-C', folder, 'SumOfSquares.class']);
  return archive;
};

const run = (result: string): Promise<string> =>
  cluster.home.must(
    ...['spark', 'run', '--class', 'SumOfSquares', '--wait', '--timeout', '240'],
    ...['--conf', 'spark.sql.shuffle.partitions=2', program, '1000', result],
  );

describe.skipIf(!isRunnable)('spark', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plenum-spark-'));
    cluster = await createPackageCluster(1);
    await cluster.install('spark', { worker: { count: 1 } });
    program = await compile();
  });

  afterAll(async () => {
    await cluster?.remove();
    await rm(folder, { recursive: true, force: true });
  });

  it('runs programs when package install --wait returns', async () => {
    const result = join(folder, 'first');
    const id = (await run(result)).trim();
    expect(await readFile(result, 'utf8')).toBe(SUM);
    expect((await cluster.home.must('spark', 'status', id)).trim()).toMatch(/^FINISHED/);
    const refused = await cluster.home.run(['spark', 'status', 'driver-of-nobody']);
    expect(refused.code).not.toBe(0);
  });

  it('says that a program has failed', async () => {
    const { code, stderr } = await cluster.home.run([
      ...['spark', 'run', '--class', 'SumOfSquares', '--wait', program, 'no-number', join(folder, 'none')],
    ]);
    expect(stderr).toMatch(/ended with (FAILED|ERROR)/);
    expect(code).toBe(1);
  });

  it('has its workers again when master and worker were killed with -9', async () => {
    await cluster.killTask('master-0-server');
    await cluster.killTask('worker-0-server');
    await waitFor('a worker is there', async () => (await aliveWorkers()) === 1, EVENTUALLY);
  });

  it('gets more workers when its options are changed', async () => {
    await cluster.update('spark', { worker: { count: 2 }, spark: { log_level: 'warn' } });
    await waitFor('two workers are there', async () => (await aliveWorkers()) === 2, EVENTUALLY);
  });

  it('leaves nothing when it is uninstalled', () => cluster.uninstallLeavingNothing('spark'));
});

const aliveWorkers = async (): Promise<number> => {
  const response = await fetch(`${await cluster.endpoint('spark', 'web')}/json/`);
  const { workers }: { workers: { state: string }[] } = JSON.parse(await response.text());
  return workers.filter(({ state }) => state === 'ALIVE').length;
};
