import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const LISTENING = '0A';
const FILES = ['/proc/net/tcp', '/proc/net/tcp6'];

/** TCP ports on which somebody listens in the agent's network namespace, by the number of the socket. */
export const listeningSockets = (): Map<string, number> => {
  const ports = new Map<string, number>();
  for (const file of FILES) {
    for (const line of linesOf(file).slice(1)) {
      const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
      const port = Number.parseInt(local.slice(local.lastIndexOf(':') + 1), 16);
      if (state === LISTENING && inode !== undefined) ports.set(inode, port);
    }
  }
  return ports;
};

/** Those of these ports that a process listens on. */
export const portsOf = (pid: number, sockets: ReadonlyMap<string, number>): number[] => {
  const folder = `/proc/${pid}/fd`;
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    try {
      const [, inode = ''] = /^socket:\[(\d+)\]$/.exec(readlinkSync(`${folder}/${name}`)) ?? [];
      return sockets.get(inode) ?? [];
    } catch {
      // Closed meanwhile.
      return [];
    }
  });
};

const linesOf = (file: string): string[] => {
  try {
    return readFileSync(file, 'latin1').split('\n');
  } catch {
    return [];
  }
};
