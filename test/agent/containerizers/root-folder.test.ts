import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { orderOf } from '../../../src/agent/containerizers/launch-order.ts';
import type { ContainerConfig } from '../../../src/agent/isolators/isolator.ts';
import type { WholePreparation } from '../../../src/agent/isolators/isolator-set.ts';
import { readExitNote } from '../../../src/agent/processes/exit-notes.ts';
import { findHostPrograms } from '../../../src/agent/processes/host-programs.ts';
import { resolveInRoot } from '../../../src/agent/processes/resolve-in-root.ts';
import { ShellLauncher } from '../../../src/agent/processes/shell-launcher.ts';
import type { UserIdentity } from '../../../src/agent/processes/system-user.ts';
import { systemClock } from '../../../src/runtime/clock.ts';
import { silentLog } from '../../../src/runtime/log.ts';
import { makeSmallRoot } from '../../support/small-root.ts';
import { onTestEnd, temporaryFolder } from '../test-agent.ts';

const isRoot = process.getuid?.() === 0;
const PROGRAMS = ['/bin/sh', '/bin/cat', '/bin/ls', '/usr/bin/id', '/usr/bin/env'];

const PREPARATION: WholePreparation = {
  environment: {},
  namespaces: { mount: 'own', pid: 'own' },
  mounts: [],
  rlimits: [],
  commands: [],
  cgroups: [],
};

interface Ran {
  out: string;
  error: string;
  exit: ReturnType<typeof readExitNote>;
  sandbox: string;
}

/** Runs a shell command in a root folder of its own. */
const runIn = async (
  command: string,
  preparation: Partial<WholePreparation> = {},
  user?: UserIdentity,
): Promise<Ran> => {
  const folder = await temporaryFolder();
  const [rootfs, sandbox] = [join(folder, 'rootfs'), join(folder, 'sandbox')];
  mkdirSync(sandbox);
  makeSmallRoot(rootfs, PROGRAMS);
  writeFileSync(join(rootfs, 'etc/mine'), 'from the image\n');
  const config: ContainerConfig = {
    id: 'c',
    parentId: undefined,
    limitedAs: 'c',
    frameworkId: 'f',
    executorId: 'e',
    taskId: 't',
    sandbox,
    parentSandbox: undefined,
    command: { value: command, environment: { variables: [{ name: 'OWN', value: 'task' }] } },
    environment: { PATH: '/host', OWN: 'task', OTHER: 'agent' },
    user: undefined,
    mounts: [],
    network: undefined,
    container: undefined,
    resources: [],
    limits: {},
    rootfs,
    image: {
      entrypoint: [],
      cmd: [],
      env: { PATH: '/usr/bin:/bin', OWN: 'image', OTHER: 'image' },
      user: undefined,
      workingDir: undefined,
    },
  };
  const launcher = new ShellLauncher({
    folder: join(folder, 'pipes'),
    programs: findHostPrograms(),
    clock: systemClock,
    log: silentLog,
  });
  onTestEnd(async () => launcher.close());
  const exitFile = join(folder, 'exit');
  const order = orderOf({ config, preparation: { ...PREPARATION, ...preparation }, user, exitFile });
  const launched = await launcher.launch(order);
  launched.release();
  await launched.ended;
  const [out, error] = ['stdout', 'stderr'].map((name) => readFileSync(join(sandbox, name), 'utf8'));
  return { out: out ?? '', error: error ?? '', exit: readExitNote(exitFile), sandbox };
};

describe.skipIf(!isRoot)('a container with a root folder of its own', () => {
  it('sees that, its sandbox, and nothing of the host', async () => {
    const { out, error, exit } = await runIn(
      'cat /etc/mine; pwd; ls /; ls -d /.. /../usr/sbin /root; echo $$; : > /dev/null && : > new; exit 4',
    );
    expect(error).toMatch(/usr\/sbin.*No such file/);
    expect(error).toMatch(/\/root.*No such file/);
    const [mine, folder, ...rest] = out.split('\n');
    expect([mine, folder]).toEqual(['from the image', '/mnt/mesos/sandbox']);
    expect(rest).toEqual(expect.arrayContaining(['bin', 'dev', 'etc', 'mnt', 'proc', 'sys', 'tmp']));
    expect(exit).toEqual({ type: 'ended', exit: { type: 'exited', code: 4 } });
  });

  it('leaves what it writes in its sandbox', async () => {
    const { sandbox, exit } = await runIn('echo kept > $MESOS_SANDBOX/file');
    expect(exit).toEqual({ type: 'ended', exit: { type: 'exited', code: 0 } });
    expect(readFileSync(join(sandbox, 'file'), 'utf8')).toBe('kept\n');
  });

  it('has the variables of its image between those of the agent and its own', async () => {
    const { out } = await runIn('echo $PATH $OWN $OTHER $MESOS_SANDBOX');
    expect(out).toBe('/usr/bin:/bin task image /mnt/mesos/sandbox\n');
  });

  it('runs as its user with the capabilities that are left', async () => {
    const bounding = ['CHOWN'] as const;
    const asUser = await runIn('id -u; cat /proc/self/status', {}, { uid: 1234, gid: 1234 });
    expect(asUser.error).toBe('');
    expect(asUser.out).toMatch(/^1234\n/);
    expect(asUser.out).toMatch(/CapEff:\t0000000000000000/);
    const asRoot = await runIn('cat /proc/self/status', { capabilities: { bounding } });
    expect(asRoot.out).toMatch(/CapEff:\t0000000000000001\n/);
  });

  it('tells a signal from an exit status', async () => {
    const { exit } = await runIn('kill -9 $$');
    expect(exit).toEqual({ type: 'ended', exit: { type: 'signalled', signal: 9 } });
  });

  it('gets volumes where it wants them, links in the image notwithstanding', async () => {
    const folder = await temporaryFolder();
    writeFileSync(join(folder, 'file'), 'from a volume\n');
    const mounts = [{ source: folder, target: '/data/in', type: 'bind', isReadOnly: true }];
    const { out, error } = await runIn('cat /data/in/file; : > /data/in/new', { mounts });
    expect(out).toBe('from a volume\n');
    expect(error).toMatch(/Read-only file system/);
    expect(existsSync(join(folder, 'new'))).toBe(false);
  });
});

describe('a path in a root folder', () => {
  it('never leads out of it', async () => {
    const root = await temporaryFolder();
    mkdirSync(join(root, 'a'));
    symlinkSync('/etc', join(root, 'a/absolute'));
    symlinkSync('../../../../etc', join(root, 'a/relative'));
    symlinkSync('loop', join(root, 'loop'));
    expect(resolveInRoot(root, '/a/absolute/passwd')).toBe(join(root, 'etc/passwd'));
    expect(resolveInRoot(root, '/a/relative/passwd')).toBe(join(root, 'etc/passwd'));
    expect(resolveInRoot(root, '/../../x')).toBe(join(root, 'x'));
    expect(() => resolveInRoot(root, '/loop')).toThrow(/Too many links/);
  });
});
