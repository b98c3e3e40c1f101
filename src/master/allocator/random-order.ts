import type { Random } from '../../runtime/random.ts';
import type { TreeNode } from './client-tree.ts';

/**
 * Draws all active clients without putting any back, each with a chance in proportion to its weight: the product, along its
 * path, of the weight of a node in the weights of its siblings that have active clients (mesos.md 5.3).
 */
export const randomOrder = (
  root: TreeNode,
  weightOf: (path: string) => number,
  random: Random,
): Iterable<string> => {
  const drawn: { client: string; key: number }[] = [];
  const visit = (node: TreeNode, weight: number): void => {
    if (node.client !== undefined) {
      // The k-th largest of random^(1/weight) is the k-th draw; the logarithm keeps small weights apart.
      drawn.push({ client: node.client, key: Math.log(random.next()) / weight });
      return;
    }
    const active = [...node.children.values()].filter(hasActiveClients);
    const sum = active.reduce((total, { path }) => total + weightOf(path), 0);
    for (const child of active) visit(child, (weight * weightOf(child.path)) / sum);
  };
  visit(root, 1);
  return drawn.sort((one, other) => other.key - one.key).map(({ client }) => client);
};

const hasActiveClients = (node: TreeNode): boolean =>
  node.client === undefined ? [...node.children.values()].some(hasActiveClients) : node.isActive;
