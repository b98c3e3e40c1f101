import type { NodeView } from '../model/cluster-state.ts';
import { Status } from './status.tsx';

/** Whether an agent can be reached, and whether an operator has taken it out of use. */
export const NodeStatus = ({ node: { isActive, outOfUse } }: { node: NodeView }) => {
  if (!isActive && outOfUse === undefined) return <Status tone="bad">Inactive</Status>;
  if (outOfUse !== undefined)
    return <Status tone={outOfUse === 'Draining' ? 'busy' : 'quiet'}>{outOfUse}</Status>;
  return <Status tone="good">Active</Status>;
};
