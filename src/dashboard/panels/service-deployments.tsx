import { getDeployments } from '../feeds/marathon-calls.ts';
import { targetsOf } from '../model/marathon.ts';
import { useLive } from '../view/use-live.ts';
import { DeploymentCard } from './deployment-card.tsx';

/** The deployments that are under way of one app or pod. */
export const ServiceDeployments = ({ id }: { id: string }) => {
  const { value = [], reload } = useLive(`deployments ${id}`, async () =>
    (await getDeployments()).filter((deployment) => targetsOf(deployment).includes(id)),
  );
  return (
    <>
      {value.map((deployment) => (
        <DeploymentCard key={deployment.id} deployment={deployment} onChange={reload} />
      ))}
    </>
  );
};
