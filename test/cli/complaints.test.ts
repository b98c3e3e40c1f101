import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { GUIDES, guideText } from '../../src/cli/guides.ts';

/**
 * What people complained about or wished of the DC/OS command line (cli.md 15), by its number there, and the test or the
 * guide that answers it.
 */
const COMPLAINTS: readonly (readonly [
  number: number,
  complaint: string,
  answer:
    | { readonly test: string; readonly title: string }
    | { readonly guide: string; readonly says: string },
])[] = [
  [
    1,
    'slow to start',
    test('completion-shells', 'asks the cluster, and what it was told a moment ago not again'),
  ],
  [2, 'time limits that cannot be set', test('errors', 'an answer that does not come in time ends with 7')],
  [3, 'set-up fails because of a plugin', test('plugins', 'do not wait for ever for a server that stalls')],
  [
    4,
    'set-up is slow because of plugins',
    test('clusters', 'asks the cluster who it is, keeps it and attaches it'),
  ],
  [
    5,
    "the server's explanation is hidden",
    test('errors', 'names every field that is wrong, and puts codes into words'),
  ],
  [
    6,
    'a lock is told without who holds it',
    test('errors', 'of a lock names the deployments and what can be done'),
  ],
  [
    7,
    'stack traces for everyday mistakes',
    test('errors', 'shows no stack trace, unless PLENUM_DEBUG is set'),
  ],
  [
    8,
    'options are refused without the field',
    e2e('package-commands', 'install refuses options that the schema forbids'),
  ],
  [9, 'no login for CI', test('log-in', 'of a service account shows a token under its own key')],
  [10, 'a cluster for each command', test('clusters', 'is that of --cluster, else of PLENUM_CLUSTER')],
  [11, 'back up and restore all apps', test('export', 'writes what another cluster becomes the same by')],
  [12, 'several apps in one file', test('apply', 'makes what files define, of all kinds')],
  [13, 'what show prints is no input of update', test('waiting', 'update takes what show printed')],
  [14, 'add or update?', test('apply', 'and then there is nothing to do')],
  [15, 'a shell in a task', e2e('exec', 'task exec')],
  [
    16,
    'logs that are followed hang',
    test('task-files', '--follow prints what is written until the task ends'),
  ],
  [17, 'logs of tasks that have ended', test('task-files', 'takes the latest that ended when none runs')],
  [18, 'crashes at what is not ASCII', test('task-files', 'breaks no character')],
  [19, 'ssh to nodes', test('system-commands', 'are reached by ssh, also by way of another host')],
  [20, "Marathon's log needs ssh", test('system-commands', 'of Marathon are those of its service')],
  [21, 'authorities of one’s own', test('trust', 'shows its fingerprint and trusts it from then on')],
  [22, 'what does uninstall delete?', test('package-commands', 'without a terminal wants --yes')],
  [
    23,
    'completion of names, for zsh and fish too',
    test('completion-shells', 'fish completes words and names'),
  ],
  [24, 'what is in force, and where it comes from', test('config-commands', 'tells where each comes from')],
  [25, 'an overview of what runs', test('top', 'prints once where there is no terminal')],
  [26, 'masters are missing among nodes', test('system-commands', 'have names and parts')],
  [27, 'new columns break scripts', test('output-forms', 'as columns of paths')],
  [
    28,
    'wrong usage exits 0',
    e2e('cluster-commands', 'a command that there is not names the nearest and ends with 2'),
  ],
  [29, 'the download site is away', guide('getting-started', 'plenum up')],
  [
    30,
    'plugins without the internet',
    test('plugins', 'adds an archive with a manifest, or with programs alone'),
  ],
  [
    31,
    'wait until a deployment is done',
    test('waiting', 'returns when the deployment is over and all instances run'),
  ],
  [32, 'apps from a URL', test('documents', 'is a file, a URL or standard input')],
  [
    33,
    'service shutdown without asking',
    test('read-commands', 'shutdown asks, and without a terminal wants --yes'),
  ],
];

function test(name: string, title: string) {
  return { test: `test/cli/${name}.test.ts`, title };
}

function e2e(name: string, title: string) {
  return { test: `test/e2e/${name}.test.ts`, title };
}

function guide(name: string, says: string) {
  return { guide: name, says };
}

describe('a complaint about the original', () => {
  it.each(COMPLAINTS)('%d (%s) has an answer', (_number, _complaint, answer) => {
    if ('guide' in answer) {
      expect(Object.keys(GUIDES)).toContain(answer.guide);
      expect(guideText(answer.guide)).toContain(answer.says);
    } else {
      expect(existsSync(answer.test), answer.test).toBe(true);
      expect(readFileSync(answer.test, 'utf8')).toContain(answer.title);
    }
  });

  it('is none of those that were forgotten', () => {
    expect(COMPLAINTS.map(([number]) => number)).toEqual(Array.from({ length: 33 }, (_, index) => index + 1));
  });
});
