import type { MarathonClient } from '../../clients/marathon-client.ts';
import type { MarathonPreview } from '../../clients/marathon-types.ts';
import type { Paint } from '../output/paint.ts';
import { actionWord } from './describe-deployment.ts';
import { requirePlenum } from './require-plenum.ts';

/** Throws CliError when this Marathon would carry out what is only to be looked at. */
export const requireDryRun = (marathon: MarathonClient): Promise<void> =>
  requirePlenum(marathon, 'This Marathon knows no dry runs: it would carry the change out', {
    hint: 'Nothing was sent; compare with what plenum marathon app show prints',
  });

const KINDS = { create: '+', update: '~', delete: '-' } as const;
const WORDS = { create: 'is new', update: 'changes', delete: 'is removed' } as const;

/** What a change would do, for people: each app with what differs in it, then the steps. */
export const previewLines = ({ diff, steps, lockedBy = [] }: MarathonPreview, paint: Paint): string[] => {
  if (diff.length === 0 && steps.length === 0) return ['Nothing would change'];
  const styles = { create: paint.good, update: paint.busy, delete: paint.bad };
  return [
    ...diff.flatMap(({ id, kind, changes }) => [
      styles[kind](`${KINDS[kind]} ${id} ${WORDS[kind]}`),
      ...changes.flatMap(({ path, before, after }) => [
        ...(before === undefined ? [] : [paint.bad(`    - ${path}: ${JSON.stringify(before)}`)]),
        ...(after === undefined ? [] : [paint.good(`    + ${path}: ${JSON.stringify(after)}`)]),
      ]),
    ]),
    ...steps.map(
      ({ actions }, index) =>
        `step ${index + 1}: ${actions.map((action) => `${actionWord(action)} ${action.app ?? action.pod ?? ''}`).join(', ')}`,
    ),
    ...lockedBy.map((id) => `Deployment ${id} is in the way: --force would end it`),
  ];
};
