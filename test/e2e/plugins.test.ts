import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRecordingServer } from '../clients/recording-server.ts';
import { createPlenumHome, type PlenumHome } from '../support/plenum.ts';

/** Programs of others as commands of the built program. */

let home: PlenumHome;
let bin: string;

const program = async (name: string, text: string): Promise<string> => {
  const path = join(bin, name);
  await writeFile(path, `#!/bin/sh\n${text}\n`);
  await chmod(path, 0o755);
  return path;
};

beforeAll(async () => {
  home = await createPlenumHome();
  bin = join(home.folder, 'bin');
  await mkdir(bin);
});

afterAll(() => home.remove());

describe('a plugin', () => {
  it('is run with its command, its arguments and the cluster, and says how it ended', async () => {
    const cluster = await startRecordingServer({});
    const saw =
      'echo "$@"; echo "$DCOS_URL $DCOS_ACS_TOKEN $DCOS_TLS_INSECURE"; "$DCOS_CLI_EXECUTABLE_PATH" --version; exit 7';
    const file = await program('dcos-saw', `[ "$2" = --info ] && exit 1\n${saw}`);
    const env = { PLENUM_CLUSTER: cluster.url, PLENUM_TOKEN: 'abc' };
    expect((await home.run(['plugin', 'add', file], { env })).code).toBe(0);
    const { code, stdout } = await home.run(['saw', 'wood', '--json', '--help', '-x'], { env });
    expect(code).toBe(7);
    expect(stdout).toMatch(
      new RegExp(`^saw wood --json --help -x\n${cluster.url} abc 1\nplenum version .*\n$`),
    );
    expect((await home.run(['saw'], { env: { PLENUM_CLUSTER: 'http://127.0.0.1:9' } })).code).toBe(2);
    await cluster.close();
  });
});

describe('a program plenum-NAME on the PATH', () => {
  it('is a command, of any cluster and of none', async () => {
    await program('plenum-hello', 'echo "hello $*"; read line; echo "read $line"; exit 3');
    const env = { PATH: `${bin}:${process.env.PATH}` };
    expect(await home.run(['hello', 'you', '--yes'], { env, input: 'this\n' })).toMatchObject({
      code: 3,
      stdout: 'hello you --yes\nread this\n',
    });
    expect((await home.run(['help', 'hello'], { env })).stdout).toBe('hello --help\nread \n');
    expect((await home.run(['--help'], { env })).stdout).toContain('  hello  ');
  });

  it('never takes the place of a command of Plenum', async () => {
    await program('plenum-version', 'exit 9');
    await program('plenum-cluster', 'exit 9');
    const env = { PATH: `${bin}:${process.env.PATH}` };
    expect((await home.run(['cluster', 'list'], { env })).code).toBe(0);
    expect((await home.run(['hallo'], { env })).code).toBe(2);
  });
});
