import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { SandboxFiles } from '../../src/agent/api/files.ts';

/** Puts a folder, and a link that leads out, into the same place over and over, as a task can. */
const SWAP = `
const fs = require('node:fs');
const [, place, outside] = process.argv;
fs.writeSync(1, 'swapping');
for (;;) {
  fs.renameSync(place, place + '.aside');
  fs.symlinkSync(outside, place);
  fs.unlinkSync(place);
  fs.renameSync(place + '.aside', place);
}`;

const SECRET = 'the host, its secret';
const ROUNDS = 3_000;

let task: ChildProcess | undefined;
let folder: string | undefined;

afterEach(async () => {
  if (task) {
    const ended = once(task, 'exit');
    task.kill('SIGKILL');
    await ended;
  }
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  [task, folder] = [undefined, undefined];
});

const swapping = async (): Promise<SandboxFiles> => {
  folder = await mkdtemp(join(tmpdir(), 'plenum-files-'));
  const [sandbox, outside] = [join(folder, 'work/sandbox'), join(folder, 'outside')];
  for (const [place, text] of [
    [join(sandbox, 'place'), 'the sandbox'],
    [outside, SECRET],
  ] as const) {
    await mkdir(place, { recursive: true });
    await writeFile(join(place, 'file'), text);
    await writeFile(join(place, text), '');
  }
  const args = ['-e', SWAP, join(sandbox, 'place'), outside];
  task = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  if (task.stdout) await once(task.stdout, 'data');
  return new SandboxFiles(
    join(folder, 'work'),
    () => new Map([['/sandbox', { folder: sandbox, user: undefined }]]),
  );
};

const ANYONE = { may: () => true };

const openFiles = async (): Promise<number> => (await readdir('/proc/self/fd')).length;

describe('a folder that a task makes a link while its files are asked for', () => {
  it('leads nobody out of the sandbox', async () => {
    const files = await swapping();
    const seen = new Set<string>();
    for (let round = 0; round < ROUNDS; round++) {
      const piece = await files.read('/sandbox/place/file', { offset: 0, length: undefined, reader: ANYONE });
      seen.add('type' in piece ? piece.type : String(piece.data));
      const entries = await files.list('/sandbox/place', ANYONE);
      for (const { path } of Array.isArray(entries) ? entries : []) seen.add(path);
    }
    expect(seen).toContain('the sandbox');
    expect(seen).toContain('forbidden');
    expect([...seen].filter((each) => each.includes(SECRET))).toEqual([]);
  });

  it.runIf(process.platform === 'linux')('keeps no file open', async () => {
    const files = await swapping();
    const before = await openFiles();
    for (let round = 0; round < 200; round++) {
      const opened = await files.open('/sandbox/place/file', ANYONE);
      if (!('type' in opened)) await opened.file.close();
      await files.list('/sandbox/place/file', ANYONE);
    }
    expect(await openFiles()).toBeLessThan(before + 20);
  });
});
