import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attach, saveKnownCluster } from '../../../src/cli/clusters/known-clusters.ts';
import { type Aspect, compareCalls } from './compare.ts';
import { DIFFERENCES, type Difference } from './differences.ts';
import { perform, type Surroundings } from './perform.ts';
import { type Recording, readRecordings } from './recordings.ts';
import { type StandIn, startStandIn } from './stand-in.ts';
import { TYPED_FILES } from './typed-files.ts';

/**
 * Every call of the original that was recorded, made again with Plenum: the same line typed, the same answers of the cluster.
 * What it printed, what it asked and changed, and how it ended are the same but for the differences that are meant.
 */

const FILES = ['obs1', 'obs2', 'obs3', 'obs4', 'obs5', 'obs6', 'obs7'];
/** They run a program of the machine, ssh or a browser: system-commands.test.ts holds what it is given. */
const isElsewhere = ({ command }: Recording): boolean => /sshbin|cluster open/.test(command);

const used = new Set<Difference>();

const allowedFor = (title: string): ReadonlySet<Aspect> => {
  const matching = DIFFERENCES.filter(({ calls }) => calls.test(title));
  return new Set(matching.flatMap(({ aspects }) => aspects));
};

const note = (title: string, found: readonly Aspect[]): void => {
  for (const difference of DIFFERENCES) {
    const isFound = difference.aspects.some((aspect) => found.includes(aspect));
    if (isFound && difference.calls.test(title)) used.add(difference);
  }
};

describe.each(FILES)('what dcos did, in %s', (file) => {
  let root: string;
  let standIn: StandIn;
  let surroundings: Surroundings;

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'plenum-recorded-'));
    standIn = await startStandIn();
    const folderOf = (name: string): string => {
      const folder = join(root, name);
      mkdirSync(folder);
      return folder;
    };
    surroundings = {
      standIn,
      folder: folderOf('w'),
      home: folderOf('home'),
      emptyHome: folderOf('empty'),
    };
    const { folder, home } = surroundings;
    for (const [name, text] of Object.entries(TYPED_FILES)) {
      writeFileSync(join(folder, name), text, { mode: 0o600 });
    }
    const id = 'c0ffee00-0000-4000-8000-000000000001';
    saveKnownCluster(home, { name: 'my-cluster', url: standIn.url, id, token: 'tok123' });
    attach(home, 'my-cluster');
  });

  afterAll(async () => {
    await standIn.close();
    rmSync(root, { recursive: true, force: true });
  });

  for (const recorded of readRecordings(file).filter((recording) => !isElsewhere(recording))) {
    const title = `${recorded.name} ${recorded.command}${recorded.input ? ` ${recorded.input.trim()}` : ''}`;
    it(`${title} is done alike`, async () => {
      standIn.requests.length = 0;
      const result = await perform(recorded, surroundings);
      const found = compareCalls(recorded, { result, requests: standIn.requests, url: standIn.url });
      note(title, found);
      const allowed = allowedFor(title);
      expect(found.filter((aspect) => !allowed.has(aspect))).toEqual([]);
    });
  }
});

it('every difference that is meant is there', () => {
  expect(DIFFERENCES.filter((difference) => !used.has(difference)).map(({ reason }) => reason)).toEqual([]);
});
