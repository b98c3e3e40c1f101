import type { DefinitionPreview } from '../model/marathon.ts';
import { Changes } from '../view/changes.tsx';

const KINDS = { create: 'is created', update: 'is changed', delete: 'is removed' } as const;

/** What a change would do, before it is done. */
export const PreviewPanel = ({ preview: { diff, steps, lockedBy = [] } }: { preview: DefinitionPreview }) => (
  <section aria-label="What would change" class="preview">
    {diff.length === 0 ? <p class="empty">Nothing would change.</p> : null}
    {diff.map(({ id, kind, changes }) => (
      <div key={id}>
        <p>
          <strong>{id}</strong> {kind === 'update' && changes.length === 0 ? 'is restarted' : KINDS[kind]}
        </p>
        <Changes changes={changes} />
      </div>
    ))}
    {steps.length === 0 ? null : (
      <ol>
        {steps.map(({ actions }) => {
          const text = actions.map(({ action, app, pod }) => `${action} ${app ?? pod}`).join(', ');
          return <li key={text}>{text}</li>;
        })}
      </ol>
    )}
    {lockedBy.length === 0 ? null : (
      <p class="problem">
        {lockedBy.length === 1 ? 'A deployment holds this' : 'Deployments hold this'}: {lockedBy.join(', ')}
      </p>
    )}
  </section>
);
