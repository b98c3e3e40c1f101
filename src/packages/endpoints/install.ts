import type { MarathonClient } from '../../clients/marathon-client.ts';
import { entryOf, isJsonObject, type JsonObject, objectWithDoubles } from '../../universe/json/json.ts';
import { FRAMEWORK_NAME_LABEL } from '../../universe/render/package-labels.ts';
import { absoluteId } from '../../universe/render/render-package.ts';
import { cosmosError } from '../api/cosmos-error.ts';
import type { Endpoint } from '../api/endpoint.ts';
import { packageType } from '../api/media-type.ts';
import type { PackageServices } from '../package-services.ts';
import type { Uninstalls } from '../uninstall/uninstalls.ts';
import { choosePackage } from './choose-package.ts';
import { marathonError } from './marathon-error.ts';
import { presentDefinition } from './present-definition.ts';
import { renderEntry } from './render.ts';

const SHORT = packageType('install-response', 1);
const FULL = packageType('install-response', 2);

/** POST /package/install (reference 2.7): nothing is sent to Marathon before everything about the options is in order. */
export const install = ({ cache, clients, uninstalls }: PackageServices): Endpoint => ({
  requestType: packageType('install-request'),
  responseTypes: [SHORT, FULL],
  answer: async ({ fields, authorization, origin, responseType }) => {
    const view = await cache.view();
    const entry = choosePackage(view, fields.text('packageName'), fields.optionalText('packageVersion'));
    const definition = entry.packed.unpack();
    refuseForeignManager(fields.optionalText('managerId') ?? definition.manager?.packageName);
    const { name: packageName, version: packageVersion, postInstallNotes } = definition;
    const result = { packageName, packageVersion };
    const about = {
      postInstallNotes: postInstallNotes ?? null,
      cli: cliOf(presentDefinition(definition, origin)),
    };
    if (definition.marathon === undefined && responseType === FULL) return { ...result, ...about };
    const app = await renderEntry(entry, definition, fields);
    refuseWhileUninstalling(uninstalls, app);
    const appId = await createApp(clients.marathon(authorization), app);
    return responseType === FULL ? { ...result, appId, ...about } : { ...result, appId };
  },
});

/** What another service would have to install must not be handed to Marathon (reference 2.12). */
const refuseForeignManager = (managerId: string | undefined): void => {
  if (managerId === undefined) return;
  throw cosmosError(
    'CustomPackageManagerNotFound',
    `The package is installed by the package manager [${managerId}], which is not available here`,
    { data: { managerId } },
  );
};

const cliOf = (presented: JsonObject) => {
  const resource = entryOf(presented, 'resource');
  return isJsonObject(resource) ? (entryOf(resource, 'cli') ?? null) : null;
};

const createApp = async (marathon: MarathonClient, app: JsonObject): Promise<string> => {
  try {
    return (await marathon.createApp(objectWithDoubles(app))).id;
  } catch (error) {
    throw marathonError(error);
  }
};

/** Else what is being torn down would take the new installation with it. */
const refuseWhileUninstalling = (uninstalls: Uninstalls, app: JsonObject): void => {
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
