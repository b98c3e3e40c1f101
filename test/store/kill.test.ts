import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { openStore } from '../../src/store/lmdb-store.ts';

const WRITER = `
import { openStore } from './src/store/lmdb-store.ts';
const store = openStore(process.argv[2]);
for (let index = 0; ; index++) {
  await store.write([{ key: 'entry/' + String(index).padStart(8, '0'), value: index }]);
  process.stdout.write(index + '\\n');
}
`;

it('loses nothing that was acknowledged when its process is killed in the middle of writing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'plenum-store-kill-'));
  const writer = join(folder, 'writer.mjs');
  await build({
    stdin: { contents: WRITER, resolveDir: process.cwd(), loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: writer,
    // Found from the written file through the absolute path of this project's copy.
    alias: { lmdb: join(process.cwd(), 'node_modules/lmdb/index.js') },
    external: [join(process.cwd(), 'node_modules/lmdb/*')],
  });
  const path = join(folder, 'state');
  for (const killAfter of [1, 50, 200]) {
    const child = spawn(process.execPath, [writer, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    let acknowledged = -1;
    for await (const line of createInterface({ input: child.stdout })) {
      acknowledged = Number(line);
      if (acknowledged >= killAfter && !child.killed) child.kill('SIGKILL');
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    const store = openStore(path);
    const indexes = [...store.range('entry/')].map(({ value }) => value);
    expect(indexes.length).toBeGreaterThan(acknowledged);
    expect(indexes).toEqual(indexes.map((_, index) => index));
    await store.close();
  }
  await rm(folder, { recursive: true });
});
