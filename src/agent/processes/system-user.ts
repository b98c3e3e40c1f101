import { readFileSync } from 'node:fs';

export interface UserIdentity {
  uid: number;
  gid: number;
}

/** The numbers of a system user. Throws for one that this machine does not know. */
export const findUser = (name: string): UserIdentity => {
  for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
    const [user, , uid, gid] = line.split(':');
    if (user === name) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error(`This machine has no user '${name}'`);
};

/** The numbers of all groups that a user is in, his own first. */
export const groupsOf = ({ uid, gid }: UserIdentity): number[] => {
  const name = nameOfUser(uid);
  try {
    const others = readFileSync('/etc/group', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .filter(([, , , members = '']) => members.split(',').includes(name))
      .map(([, , number]) => Number(number));
    return [gid, ...others];
  } catch {
    return [gid];
  }
};

/** Names of users and groups by number, read once: what file listings show. */
export const nameOfUser = (uid: number): string => namesIn('/etc/passwd').get(uid) ?? String(uid);
export const nameOfGroup = (gid: number): string => namesIn('/etc/group').get(gid) ?? String(gid);

const known = new Map<string, Map<number, string>>();

const namesIn = (file: string): Map<number, string> => {
  const cached = known.get(file);
  if (cached) return cached;
  const names = new Map<number, string>();
  try {
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      const [name, , number] = line.split(':');
      if (name && number && !names.has(Number(number))) names.set(Number(number), name);
    }
  } catch {
    // A machine that keeps its users elsewhere: numbers are shown.
  }
  known.set(file, names);
  return names;
};
