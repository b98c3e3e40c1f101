import type { ContainerPlan } from '../core/effect.ts';
import type { ProvisionedImage } from '../images/provisioner.ts';
import { namespacesUnlike } from '../processes/namespaces.ts';
import { SANDBOX_IN_CONTAINER } from './container-config.ts';
import type { ContainerEntry } from './container-entry.ts';
import { userOf } from './container-user.ts';
import { environmentInside } from './launch-order.ts';

/** How a further process gets into a container that runs. What it is set apart by is read from its first process. */
export const entryOf = ({
  pid,
  plan,
  image,
  cgroups,
  rights,
}: {
  pid: number;
  plan: ContainerPlan;
  image: ProvisionedImage | undefined;
  cgroups: readonly string[];
  rights: ContainerEntry['rights'];
}): ContainerEntry => ({
  pid,
  namespaces: namespacesUnlike(pid),
  hasOwnRoot: image !== undefined,
  cgroups,
  rights,
  user: plan.user,
  identity: userOf(plan, image),
  environment: environmentInside(plan, image?.config),
  workingDirectory: image === undefined ? plan.sandbox : SANDBOX_IN_CONTAINER,
  sandbox: plan.sandbox,
});
