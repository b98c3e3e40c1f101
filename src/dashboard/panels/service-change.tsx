import { diffOptions } from '../../universe/options/diff-options.ts';
import { createSecretHider } from '../../universe/options/secret-hider.ts';
import { APP_DEFINITIONS } from '../feeds/definition-calls.ts';
import type { DefinitionPreview, ValueChange } from '../model/marathon.ts';
import type { ServicePreview } from '../model/packages.ts';
import { Changes } from '../view/changes.tsx';
import { Confirm } from '../view/dialog.tsx';
import { PreviewPanel } from './preview-panel.tsx';

/** What an update or a way back would change, without passwords. */
export interface SeenChange {
  readonly versions: string;
  readonly options: readonly ValueChange[];
  readonly app: DefinitionPreview;
}

/** In these a package describes itself; their change says nothing. */
const OWN_LABELS = '/labels/DCOS_PACKAGE_';

/** Asks Marathon what the app of a preview would differ in. Throws ServerError. */
export const seeChange = async (appId: string, preview: ServicePreview): Promise<SeenChange> => {
  const { currentOptions: before, resolvedOptions: after, currentVersion, marathonJson } = preview;
  const { config, version } = preview.package;
  const secrets = createSecretHider(config, [before, after]);
  const app = await APP_DEFINITIONS.preview(appId, marathonJson);
  return {
    versions: currentVersion === version ? version : `${currentVersion} → ${version}`,
    options: diffOptions(before, after)
      .map((change) => secrets.option(change))
      .map(({ path, ...sides }) => ({ path: path.join('.'), ...sides })),
    app: {
      ...app,
      diff: app.diff.map(({ changes, ...rest }) => ({
        ...rest,
        changes: changes
          .filter(({ path }) => !path.startsWith(OWN_LABELS))
          .map(({ path, ...sides }) => ({
            path,
            ...Object.fromEntries(Object.entries(sides).map(([side, value]) => [side, secrets.value(value)])),
          })),
      })),
    },
  };
};

interface ConfirmChangeProps {
  readonly title: string;
  readonly action: string;
  readonly change: SeenChange;
  readonly onConfirm: () => Promise<unknown>;
  readonly onClose: () => void;
}

/** Shows what would change before it does. */
export const ConfirmChange = ({ title, action, change, onConfirm, onClose }: ConfirmChangeProps) => (
  <Confirm title={title} action={action} onConfirm={onConfirm} onClose={onClose} isWide>
    <p>Version {change.versions}</p>
    <h3>Options</h3>
    {change.options.length === 0 ? <p class="empty">None changes.</p> : <Changes changes={change.options} />}
    <h3>App</h3>
    <PreviewPanel preview={change.app} />
  </Confirm>
);
