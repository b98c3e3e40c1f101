import type { MarathonPreview } from '../../clients/marathon-types.ts';
import type { Paint } from '../output/paint.ts';
import { actionWord } from './describe-deployment.ts';

const KINDS = { create: '+', update: '~', delete: '-' } as const;
const WORDS = { create: 'is new', update: 'changes', delete: 'is removed' } as const;

/** One app with what differs in it. */
export const definitionDiffLines = (
  { id, kind, changes }: MarathonPreview['diff'][number],
  paint: Paint,
): string[] => {
  const styles = { create: paint.good, update: paint.busy, delete: paint.bad };
  return [styles[kind](`${KINDS[kind]} ${id} ${WORDS[kind]}`), ...fieldDiffLines(changes, paint, '    ')];
};

/** What differs in fields, what was before what is. */
export const fieldDiffLines = (
  changes: MarathonPreview['diff'][number]['changes'],
  paint: Paint,
  indent = '',
): string[] =>
  changes.flatMap(({ path, before, after }) => [
    ...(before === undefined ? [] : [paint.bad(`${indent}- ${path}: ${JSON.stringify(before)}`)]),
    ...(after === undefined ? [] : [paint.good(`${indent}+ ${path}: ${JSON.stringify(after)}`)]),
  ]);

/** What a change would do, for people: each app with what differs in it, then the steps. */
export const previewLines = ({ diff, steps, lockedBy = [] }: MarathonPreview, paint: Paint): string[] => {
  if (diff.length === 0 && steps.length === 0) return ['Nothing would change'];
  return [
    ...diff.flatMap((one) => definitionDiffLines(one, paint)),
    ...steps.map(
      ({ actions }, index) =>
        `step ${index + 1}: ${actions.map((action) => `${actionWord(action)} ${action.app ?? action.pod ?? ''}`).join(', ')}`,
    ),
    ...lockedBy.map((id) => `Deployment ${id} is in the way: --force would end it`),
  ];
};
