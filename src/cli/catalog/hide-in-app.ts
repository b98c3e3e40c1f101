import type { MarathonPreview } from '../../clients/marathon-types.ts';
import type { SecretHider } from '../../universe/options/secret-hider.ts';

/** What would change of an app, without the passwords among the options of its package. */
export const hideInApp = (preview: MarathonPreview, secrets: SecretHider): MarathonPreview => ({
  ...preview,
  diff: preview.diff.map((app) => ({
    ...app,
    changes: app.changes.map((change) => ({
      ...change,
      ...(change.before === undefined ? {} : { before: secrets.value(change.before) }),
      ...(change.after === undefined ? {} : { after: secrets.value(change.after) }),
    })),
  })),
});
