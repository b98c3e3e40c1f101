import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { attach, saveKnownCluster } from '../../../src/cli/clusters/known-clusters.ts';
import { atSecondStream } from '../dcos/perform.ts';
import { startStandIn } from '../dcos/stand-in.ts';
import { TYPED_FILES } from '../dcos/typed-files.ts';
import { loadCommands, runPlenum } from '../run-plenum.ts';
import { ACCESS_CASES } from './access-cases.ts';
import { commandsOfCases, commandsOfRecordings, ELSEWHERE } from './covered-commands.ts';
import { JOB_CASES } from './job-cases.ts';
import { MARATHON_CASES } from './marathon-cases.ts';
import { MESOS_CASES } from './mesos-cases.ts';
import { NODE_CASES } from './node-cases.ts';
import { PACKAGE_CASES } from './package-cases.ts';
import { expectedRequests, PLACES, type RequestCase, sentRequests, TOKEN } from './request-case.ts';
import { SERVICE_CASES } from './service-cases.ts';
import { TASK_CASES } from './task-cases.ts';

/**
 * What every command asks: method, path, query, body and the headers that matter. Where the original asked the same, its
 * recordings hold that (`../dcos`); the rest is here, against the same stand-in on a real socket.
 */

const CASES: Readonly<Record<string, readonly RequestCase[]>> = {
  marathon: MARATHON_CASES,
  mesos: MESOS_CASES,
  node: NODE_CASES,
  task: TASK_CASES,
  job: JOB_CASES,
  package: PACKAGE_CASES,
  service: SERVICE_CASES,
  access: ACCESS_CASES,
};
const RECORDINGS = ['obs1', 'obs2', 'obs3', 'obs4', 'obs5', 'obs6', 'obs7'];

let folder: string;
let before: string;
let ids: readonly string[];

beforeAll(async () => {
  ids = Object.keys(await loadCommands());
  folder = mkdtempSync(join(tmpdir(), 'plenum-requests-'));
  for (const [name, text] of Object.entries(TYPED_FILES)) {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
  }
  // Files are named as they are typed.
  before = process.cwd();
  process.chdir(folder);
});

afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true, force: true });
});

/** With what stands between two @ put in its place. */
const placed = <Value>(value: Value, url: string): Value => {
  let text = JSON.stringify(value);
  for (const [name, id] of Object.entries({ ...PLACES, '@URL@': url })) text = text.replaceAll(name, id);
  return JSON.parse(text) as Value;
};

describe.each(Object.entries(CASES))('requests about %s', (_theme, cases) => {
  it.each(cases.map((one) => [one.line, one] as const))('%s', async (_line, given) => {
    const standIn = await startStandIn();
    const home = mkdtempSync(join(folder, 'home-'));
    onTestFinished(() => standIn.close());
    const { url, requests } = standIn;
    const { line, input, answers = {}, isStream, code = 0, ...wanted } = placed(given, url);
    const id = 'c0ffee00-0000-4000-8000-000000000001';
    saveKnownCluster(home, { name: 'my-cluster', url, id, token: TOKEN });
    saveKnownCluster(home, { name: 'second', url, id: id.replace(/1$/, '2') });
    attach(home, 'my-cluster');
    standIn.override(answers);
    const result = await runPlenum(line.split(' '), {
      env: { PLENUM_HOME: home },
      ...(input === undefined ? {} : { input }),
      ...(isStream ? { signal: atSecondStream(standIn) } : {}),
    });
    const expected = expectedRequests({ line, ...wanted });
    expect(sentRequests(requests, { expected, url })).toEqual(expected);
    if (!isStream) expect(result).toMatchObject({ code });
  });
});

describe('of all commands', () => {
  it('each that asks a cluster has its requests tested, or a reason for being tested elsewhere', () => {
    const covered = [
      ...commandsOfCases(Object.values(CASES).flat(), ids),
      ...commandsOfRecordings(RECORDINGS, ids),
    ];
    const isElsewhere = (id: string): boolean => Object.values(ELSEWHERE).some((pattern) => pattern.test(id));
    expect(ids.filter((id) => !covered.includes(id) && !isElsewhere(id))).toEqual([]);
  });

  it('none is listed as tested elsewhere that has a test here', () => {
    const here = [...commandsOfCases(Object.values(CASES).flat(), ids)];
    for (const [reason, pattern] of Object.entries(ELSEWHERE)) {
      expect(
        here.filter((id) => pattern.test(id)),
        reason,
      ).toEqual([]);
    }
  });
});
