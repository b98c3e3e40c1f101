import { entryOf, isJsonObject, type JsonObject } from '../../universe/json/json.ts';
import { FRAMEWORK_NAME_LABEL } from '../../universe/render/package-labels.ts';
import { absoluteId } from '../../universe/render/render-package.ts';
import { cosmosError } from '../api/cosmos-error.ts';
import type { Uninstalls } from '../uninstall/uninstalls.ts';

/** Throws UninstallInProgress: else what is being torn down would take what this app makes with it. */
export const refuseWhileUninstalling = (uninstalls: Uninstalls, app: JsonObject): void => {
  const labels = entryOf(app, 'labels');
  const frameworkName = isJsonObject(labels) ? entryOf(labels, FRAMEWORK_NAME_LABEL) : undefined;
  const id = entryOf(app, 'id');
  const appId = typeof id === 'string' ? absoluteId(id) : undefined;
  const pending = uninstalls
    .pending()
    .find(
      (record) =>
        record.appId === appId ||
        (record.frameworkName !== undefined && record.frameworkName === frameworkName),
    );
  if (pending === undefined) return;
  throw cosmosError(
    'UninstallInProgress',
    `[${pending.appId}] is still being uninstalled (${pending.phase}): wait until that is done`,
    { status: 409, data: { appId: pending.appId, phase: pending.phase, problem: pending.problem ?? null } },
  );
};
