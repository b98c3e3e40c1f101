import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startAgent } from '../../../src/agent/server.ts';
import { systemClock } from '../../../src/runtime/clock.ts';
import { silentLog } from '../../../src/runtime/log.ts';
import { systemRandom } from '../../../src/runtime/random.ts';
import { waitFor } from '../../support/wait-for.ts';
import { shellTask } from '../fake-master.ts';
import { startTestCluster, temporaryFolder } from '../test-agent.ts';

/** As in the README of isolators. */
const MODULE = `
import { appendFileSync } from 'node:fs';

export default ({ flags }) => ({
  name: 'greeting',
  prepare: async ({ command }) => {
    if (command.value?.includes('rude')) throw new Error('no rude commands here');
    return { environment: { GREETING: flags.greeting }, umask: 0o027 };
  },
  isolate: async ({ id }, pid) => appendFileSync(flags.diary, \`isolate \${id} \${pid}\\n\`),
  watch: (id) => new Promise((resolve) => setTimeout(resolve, 50, {
    reason: 'REASON_CONTAINER_LIMITATION',
    message: \`\${id} stayed too long\`,
    resources: [],
  })),
  cleanup: async (id) => appendFileSync(flags.diary, \`cleanup \${id}\\n\`),
});
`;

const moduleIn = async (text: string): Promise<{ path: string; diary: string }> => {
  const folder = await temporaryFolder();
  const path = join(folder, 'greeting.mjs');
  writeFileSync(path, text);
  return { path, diary: join(folder, 'diary') };
};

describe('an isolator of one’s own', () => {
  it('is asked at every step of a container’s life', async () => {
    const { path, diary } = await moduleIn(MODULE);
    const { master, folder } = await startTestCluster({
      isolation: `posix/cpu,posix/mem,${path}`,
      isolatorFlags: { greeting: 'hello', diary },
    });
    const out = join(folder, 'out');
    master.launch(shellTask('polite', `echo $GREETING $(umask) > ${out}; sleep 1000`));
    const running = await master.until('polite', 'TASK_RUNNING');
    const id = running.container_status?.container_id?.value;
    const status = await master.until('polite', 'TASK_FAILED');
    expect(status).toMatchObject({ reason: 'REASON_CONTAINER_LIMITATION', message: `${id} stayed too long` });
    expect(readFileSync(out, 'utf8')).toBe('hello 0027\n');
    await waitFor('it has cleaned up', () => readFileSync(diary, 'utf8').includes('cleanup'));
    expect(readFileSync(diary, 'utf8')).toBe(
      `isolate ${id} ${running.container_status?.executor_pid}\ncleanup ${id}\n`,
    );
  });

  it('can refuse a container, under its name', async () => {
    const { path, diary } = await moduleIn(MODULE);
    const { master } = await startTestCluster({ isolation: path, isolatorFlags: { greeting: 'x', diary } });
    master.launch(shellTask('impolite', 'echo rude'));
    const status = await master.until('impolite', 'TASK_FAILED');
    expect(status.message).toBe('Failed to launch container: greeting: no rude commands here');
  });

  it.each([
    ['a module that is not there', './no-such.mjs', /--isolation: \.\/no-such\.mjs: /],
    [
      'a name that nobody knows',
      'cgroups/wishes',
      /there is no isolator 'cgroups\/wishes'; there are posix\/cpu, /,
    ],
    ['two for the file system', 'filesystem/linux,filesystem/posix', /exclude each other/],
    ['one without what it needs', 'namespaces/pid', /namespaces\/pid needs filesystem\/linux/],
  ])('named wrongly, as %s, keeps the agent from starting', async (_what, isolation, message) => {
    const workDir = await temporaryFolder();
    const options = { masterUrls: [], workDir, version: '1.11.0', isolation };
    await expect(
      startAgent({ ...options, log: silentLog, clock: systemClock, random: systemRandom }),
    ).rejects.toThrow(message);
    expect(existsSync(join(workDir, 'meta', 'agent.lock'))).toBe(false);
  });

  it('whose module exports no function keeps the agent from starting', async () => {
    const { path } = await moduleIn('export default 7;');
    const workDir = await temporaryFolder();
    const options = { masterUrls: [], workDir, version: '1.11.0', isolation: path };
    await expect(
      startAgent({ ...options, log: silentLog, clock: systemClock, random: systemRandom }),
    ).rejects.toThrow(/its default export has to be a function/);
  });
});
