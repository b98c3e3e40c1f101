import { definitionDiffLines } from '../apps/preview-change.ts';
import type { Paint } from '../output/paint.ts';
import type { ApplyPlan } from './plan-apply.ts';

/** What will be done, for people. */
export const planLines = ({ changes, lockedBy }: ApplyPlan, paint: Paint): string[] => [
  ...changes.flatMap(({ kind, id, change, changes: fields }) =>
    definitionDiffLines({ id: kind === 'app' ? id : `${kind} ${id}`, kind: change, changes: fields }, paint),
  ),
  ...lockedBy.map((id) => `Deployment ${id} is in the way: --force would end it`),
];
