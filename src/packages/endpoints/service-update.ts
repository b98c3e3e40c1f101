import { entryOf, type JsonObject, objectWithDoubles } from '../../universe/json/json.ts';
import { mergeOptions } from '../../universe/options/merge-options.ts';
import { absoluteId, renderPackage, resolveOptions } from '../../universe/render/render-package.ts';
import { cosmosError } from '../api/cosmos-error.ts';
import type { Endpoint } from '../api/endpoint.ts';
import { serviceType } from '../api/media-type.ts';
import type { RequestFields } from '../api/request-fields.ts';
import type { PackageServices } from '../package-services.ts';
import { marathonError } from './marathon-error.ts';
import { presentDefinition } from './present-definition.ts';
import { renderError } from './render-error.ts';
import { findService, type RunningService } from './service-describe.ts';

/** POST /service/update (reference 2.9): runs a service with other options. Its version stays. */
export const updateService = ({ cache, clients }: PackageServices): Endpoint => ({
  requestType: serviceType('update-request'),
  responseTypes: [serviceType('update-response')],
  answer: async ({ fields, authorization, origin }) => {
    const marathon = clients.marathon(authorization);
    const service = await findService(marathon, fields.text('appId'), await cache.view());
    const { definition, appId } = service;
    refuseOtherVersion(fields.optionalText('packageVersion'), definition.version);
    const options = chosenOptions(service, fields);
    const app = await render(service, options);
    const id = entryOf(app, 'id');
    if (typeof id !== 'string' || absoluteId(id) !== appId) {
      throw cosmosError(
        'AppIdChanged',
        `The new appId ${JSON.stringify(id ?? null)} must be equal to the old appId ${appId}`,
        {
          data: { newAppId: id ?? null, oldAppId: appId },
        },
      );
    }
    const { deploymentId } = await marathon
      .updateApp(appId, objectWithDoubles(app), { force: true, isWhole: true })
      .catch((error: unknown) => {
        throw marathonError(error);
      });
    return {
      package: presentDefinition(definition, origin),
      resolvedOptions: resolveOptions(definition, options),
      marathonDeploymentId: deploymentId,
    };
  },
});

const refuseOtherVersion = (requested: string | undefined, actual: string): void => {
  if (requested === undefined || requested === actual) return;
  throw cosmosError(
    'VersionUpgradeNotSupportedInOpen',
    `Version upgrades are not supported: the service runs version [${actual}], asked for was [${requested}]`,
    { data: { requested, actual } },
  );
};

const chosenOptions = ({ options }: RunningService, fields: RequestFields): JsonObject => {
  const provided = fields.optionalObject('options') ?? {};
  if (fields.flag('replace')) return provided;
  if (options === undefined) {
    throw cosmosError(
      'OptionsNotStored',
      'The options of the current service were not stored: update with replace',
    );
  }
  return mergeOptions(options, provided);
};

const render = async ({ definition, source }: RunningService, options: JsonObject): Promise<JsonObject> => {
  try {
    return await renderPackage({ definition, options, source });
  } catch (error) {
    throw renderError(error, definition);
  }
};
