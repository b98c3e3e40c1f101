import { readlinkSync } from 'node:fs';

export type NamespaceKind = 'mount' | 'pid' | 'net' | 'ipc' | 'uts';

const FILES: readonly (readonly [NamespaceKind, string])[] = [
  ['mount', 'mnt'],
  ['pid', 'pid'],
  ['net', 'net'],
  ['ipc', 'ipc'],
  ['uts', 'uts'],
];

/** The namespaces in which a process is others than this one; none where the system has none, or hides them. */
export const namespacesUnlike = (pid: number): NamespaceKind[] =>
  FILES.flatMap(([kind, file]) => (namespaceOf(pid, file) === namespaceOf('self', file) ? [] : [kind]));

const namespaceOf = (pid: number | 'self', file: string): string | undefined => {
  try {
    return readlinkSync(`/proc/${pid}/ns/${file}`);
  } catch {
    return undefined;
  }
};
