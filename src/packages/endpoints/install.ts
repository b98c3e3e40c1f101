import type { MarathonClient } from '../../clients/marathon-client.ts';
import { definitionDigest } from '../../universe/definition/definition-digest.ts';
import type { PackageDefinition } from '../../universe/definition/package-definition.ts';
import { entryOf, isJsonObject, type JsonObject, objectWithDoubles } from '../../universe/json/json.ts';
import { redactUri } from '../../universe/sources/repository-uri.ts';
import { cosmosError } from '../api/cosmos-error.ts';
import type { Endpoint } from '../api/endpoint.ts';
import { packageType } from '../api/media-type.ts';
import { forwardToManager } from '../managers/forward-to-manager.ts';
import { managerOf } from '../managers/manager-of.ts';
import type { PackageServices } from '../package-services.ts';
import { choosePackage } from './choose-package.ts';
import { marathonError } from './marathon-error.ts';
import { asJson, presentDefinition } from './present-definition.ts';
import { refuseWhileUninstalling } from './refuse-while-uninstalling.ts';
import { renderEntry } from './render.ts';
import { stateOf } from './running-service.ts';

const SHORT = packageType('install-response', 1);
const FULL = packageType('install-response', 2);

/** POST /package/install (reference 2.7): nothing is sent to Marathon before everything about the options is in order. */
export const install = (services: PackageServices): Endpoint => ({
  requestType: packageType('install-request'),
  responseTypes: [SHORT, FULL],
  answer: async (request) => {
    const { cache, clients, uninstalls, history } = services;
    const { fields, authorization, origin, responseType } = request;
    const view = await cache.view();
    const wanted = {
      packageName: fields.text('packageName'),
      packageVersion: fields.optionalText('packageVersion'),
    };
    const managed = managerOf(view, fields, wanted);
    if (managed) {
      const { managerId } = managed;
      return forwardToManager(services, request, { managerId, path: '/package/install' });
    }
    const entry = choosePackage(view, wanted.packageName, wanted.packageVersion);
    const definition = entry.packed.unpack();
    refuseOtherDefinition(fields.optionalText('definitionDigest'), definition);
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
    const options = fields.optionalObject('options');
    await history.record(
      appId,
      'INSTALLED',
      stateOf({ definition, source: redactUri(entry.repository.uri), options }),
    );
    return responseType === FULL ? { ...result, appId, ...about } : { ...result, appId };
  },
});

/** For callers that have looked at a definition and want that one installed: an addition to the reference. */
const refuseOtherDefinition = (wanted: string | undefined, definition: PackageDefinition): void => {
  if (wanted === undefined) return;
  const actual = definitionDigest(asJson(definition));
  if (actual === wanted) return;
  throw cosmosError(
    'DefinitionMismatch',
    `The definition of package [${definition.name}] version [${definition.version}] is not the one that was asked for`,
    { status: 409, data: { wanted, actual } },
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
