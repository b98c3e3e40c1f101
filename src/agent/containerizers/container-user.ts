import { readFileSync } from 'node:fs';
import type { ContainerPlan } from '../core/effect.ts';
import type { ProvisionedImage } from '../images/provisioner.ts';
import { resolveInRoot } from '../processes/resolve-in-root.ts';
import { findUser, type UserIdentity } from '../processes/system-user.ts';

/**
 * Who a container's command runs as: the user of the task, who is one of the machine's, or else the user of its image, who
 * is one of the image's. Undefined is the agent's own user. Throws, for people, for one that is not known.
 */
export const userOf = (
  plan: Pick<ContainerPlan, 'user'>,
  image: ProvisionedImage | undefined,
): UserIdentity | undefined => {
  if (plan.user !== undefined) return findUser(plan.user);
  const { user } = image?.config ?? {};
  return user === undefined || user === '' || image === undefined
    ? undefined
    : userInImage(user, image.rootfs);
};

const userInImage = (text: string, rootfs: string): UserIdentity => {
  const [user = '', group] = text.split(':');
  const found = lineOf(rootfs, 'passwd', user);
  const uid = found?.[2] ?? (/^\d+$/.test(user) ? user : undefined);
  if (uid === undefined) throw new Error(`The image has no user '${user}'`);
  const ownGid = found?.[3] ?? '0';
  if (group === undefined || group === '') return { uid: Number(uid), gid: Number(ownGid) };
  const gid = lineOf(rootfs, 'group', group)?.[2] ?? (/^\d+$/.test(group) ? group : undefined);
  if (gid === undefined) throw new Error(`The image has no group '${group}'`);
  return { uid: Number(uid), gid: Number(gid) };
};

/** The line about a user or a group, by its name or number. */
const lineOf = (rootfs: string, file: 'passwd' | 'group', name: string): string[] | undefined => {
  try {
    const lines = readFileSync(resolveInRoot(rootfs, `/etc/${file}`), 'utf8').split('\n');
    return lines
      .map((line) => line.split(':'))
      .find(([known, , number]) => known === name || number === name);
  } catch {
    return undefined;
  }
};
