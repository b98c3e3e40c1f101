import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ContainerConfig, NamespaceWish } from '../isolators/isolator.ts';
import type { WholePreparation } from '../isolators/isolator-set.ts';
import type { ImageConfig, MountPlan } from '../isolators/preparation-parts.ts';
import { commandLine } from '../processes/command-line.ts';
import type { LaunchIsolation, LaunchOrder } from '../processes/launcher.ts';
import { resolveInRoot } from '../processes/resolve-in-root.ts';
import { quote } from '../processes/shell-words.ts';
import type { UserIdentity } from '../processes/system-user.ts';
import { SANDBOX_IN_CONTAINER } from './container-config.ts';
import { rootMounts } from './root-filesystem.ts';
import { inTerminalOfItsOwn } from './terminal-command.ts';

export interface OrderOptions {
  config: ContainerConfig;
  preparation: WholePreparation;
  user: UserIdentity | undefined;
  exitFile: string;
}

/** What the launcher is told for a container. Places to mount on are made. Throws, for people, when one cannot be. */
export const orderOf = ({ config, preparation, user, exitFile }: OrderOptions): LaunchOrder => {
  const environment = environmentOf(config, preparation);
  const isolation = isolationOf(config, preparation);
  const command = preparation.commandLine ?? commandLine({ command: config.command, environment });
  const terminal = config.container?.tty_info;
  return {
    command: terminal ? inTerminalOfItsOwn(command, terminal) : command,
    environment,
    sandbox: config.sandbox,
    exitFile,
    stdout: join(config.sandbox, 'stdout'),
    stderr: join(config.sandbox, 'stderr'),
    user,
    ...(isolation ? { isolation } : {}),
  };
};

const environmentOf = (config: ContainerConfig, preparation: WholePreparation): Record<string, string> => ({
  ...preparation.environment,
  ...environmentInside(config, config.image),
});

/** An image's variables win over what the agent says, which is about the host, and lose against the command's own. */
export const environmentInside = (
  { environment, command }: Pick<ContainerConfig, 'environment' | 'command'>,
  image: ImageConfig | undefined,
): Record<string, string> => {
  if (!image) return { ...environment };
  const own = new Set(command.environment?.variables?.map(({ name }) => name));
  return {
    ...environment,
    ...image.env,
    ...Object.fromEntries(Object.entries(environment).filter(([name]) => own.has(name))),
    MESOS_SANDBOX: SANDBOX_IN_CONTAINER,
  };
};

/** Undefined when nothing is wanted that a plain process has not. */
const isolationOf = (config: ContainerConfig, preparation: WholePreparation): LaunchIsolation | undefined => {
  const { rootfs } = config;
  const { namespaces, rlimits, capabilities, umask, cgroups, commands, hostname } = preparation;
  const mounts = [...(rootfs === undefined ? [] : rootMounts(config)), ...preparation.mounts];
  const isPlain =
    mounts.length + rlimits.length + cgroups.length + commands.length === 0 &&
    Object.keys(namespaces).length === 0 &&
    capabilities === undefined &&
    umask === undefined &&
    hostname === undefined;
  if (isPlain) return undefined;
  const hasMounts = mounts.length > 0 || namespaces.mount !== undefined || namespaces.pid !== undefined;
  return {
    namespaces: {
      mount: hasMounts,
      pid: namespaces.pid !== undefined,
      net: wished(namespaces.net),
      ipc: wished(namespaces.ipc),
      uts: hostname === undefined ? wished(namespaces.uts) : true,
    },
    setup: [
      ...mounts.flatMap((mount) => mountCommands(mount, rootfs)),
      ...(rootfs === undefined ? [] : [deviceLinks(rootfs)]),
      ...(hostname === undefined
        ? []
        : [
            {
              run: `echo ${quote(hostname)} >/proc/sys/kernel/hostname`,
              otherwise: 'Cannot set the host name',
            },
          ]),
      ...commands.map((run) => ({ run, otherwise: `The command failed that had to run first: ${run}` })),
    ],
    cgroups,
    rlimits,
    capabilities,
    umask,
    rootfs,
    workingDirectory: preparation.workingDirectory ?? (rootfs === undefined ? '.' : SANDBOX_IN_CONTAINER),
  };
};

const wished = (wish: NamespaceWish | undefined): boolean | string =>
  wish === undefined ? false : wish === 'own' || wish.path;

const deviceLinks = (rootfs: string) => ({
  run: `cd ${quote(join(rootfs, 'dev'))} && cp -a /dev/fd /dev/stdin /dev/stdout /dev/stderr . && ln -s pts/ptmx ptmx`,
  otherwise: 'Cannot make the links in /dev',
});

const mountCommands = (
  { source, target, type, isReadOnly, options, propagation }: MountPlan,
  rootfs: string | undefined,
): { run: string; otherwise: string }[] => {
  const place = rootfs === undefined ? target : resolveInRoot(rootfs, target);
  const how =
    type === 'bind'
      ? `--rbind ${quote(source)}`
      : `-t ${quote(type)} ${options === undefined ? '' : `-o ${quote(options)} `}${quote(source)}`;
  const commands = [
    placeCommand(place, type === 'bind' && !isFolder(source)),
    `mount ${how} ${quote(place)}`,
    ...(isReadOnly ? [`mount -o remount,bind,ro ${quote(place)}`] : []),
    ...(propagation === 'HOST_TO_CONTAINER' ? [`mount --make-rslave ${quote(place)}`] : []),
  ];
  return [{ run: commands.join(' && '), otherwise: `Cannot mount ${source} on ${target}` }];
};

const isFolder = (path: string): boolean => {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new Error(`${path} does not exist on this machine`);
  return found.isDirectory();
};

/** Made where the mounts before it lead, so in the container's namespaces only. */
const placeCommand = (path: string, isFile: boolean): string => {
  const make = isFile ? `mkdir -p ${quote(dirname(path))} && : >${quote(path)}` : `mkdir -p ${quote(path)}`;
  return `{ [ -e ${quote(path)} ] || { ${make}; }; }`;
};
