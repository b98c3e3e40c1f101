import { isNotFound } from '../../clients/api-error.ts';
import type { MarathonClient } from '../../clients/marathon-client.ts';
import type { Catalog } from '../../universe/catalog/catalog.ts';
import { decodeDefinition } from '../../universe/definition/decode-definition.ts';
import type { PackageDefinition } from '../../universe/definition/package-definition.ts';
import type { JsonObject } from '../../universe/json/json.ts';
import {
  DEFINITION_LABEL,
  NAME_LABEL,
  OPTIONS_LABEL,
  readDefinitionLabel,
  readOptionsLabel,
  SOURCE_LABEL,
  VERSION_LABEL,
} from '../../universe/render/package-labels.ts';
import { absoluteId, resolveOptions } from '../../universe/render/render-package.ts';
import { cosmosError } from '../api/cosmos-error.ts';
import type { Endpoint } from '../api/endpoint.ts';
import { serviceType } from '../api/media-type.ts';
import type { PackageServices } from '../package-services.ts';
import type { CatalogView } from '../repositories/repository-cache.ts';
import { choosePackage } from './choose-package.ts';
import { marathonError } from './marathon-error.ts';
import { jsonOrNull, presentDefinition } from './present-definition.ts';

/** A service that runs, as its app's labels describe it. */
export interface RunningService {
  readonly appId: string;
  readonly definition: PackageDefinition;
  /** URI of the repository it came from. */
  readonly source: string;
  /** What it was installed with; undefined when that was not stored. */
  readonly options: JsonObject | undefined;
}

/** POST /service/describe (reference 2.9). */
export const describeService = ({ cache, clients }: PackageServices): Endpoint => ({
  requestType: serviceType('describe-request'),
  responseTypes: [serviceType('describe-response')],
  answer: async ({ fields, authorization, origin }) => {
    const view = await cache.view();
    const service = await findService(clients.marathon(authorization), fields.text('appId'), view);
    const { definition, options } = service;
    return {
      package: presentDefinition(definition, origin),
      upgradesTo: upgradesTo(view.catalog, definition),
      downgradesTo: downgradesTo(view.catalog, definition),
      resolvedOptions: jsonOrNull(options && resolveOptions(definition, options)),
      userProvidedOptions: options ?? null,
    };
  },
});

/** The service behind an app. Throws MarathonAppNotFound, and an internal error for an app that no package made. */
export const findService = async (
  marathon: MarathonClient,
  id: string,
  view: CatalogView,
): Promise<RunningService> => {
  const appId = absoluteId(id);
  const { labels = {} } = await marathon.getApp(appId).catch((error: unknown) => {
    if (!isNotFound(error)) throw marathonError(error);
    throw cosmosError('MarathonAppNotFound', `Unable to locate service with marathon appId: '${appId}'`, {
      data: { appId },
    });
  });
  const name = labels[NAME_LABEL];
  const version = labels[VERSION_LABEL];
  if (name === undefined || version === undefined) {
    throw cosmosError('unhandled_exception', `The app ${appId} was not installed from a package`, {
      status: 500,
    });
  }
  const stored = labels[DEFINITION_LABEL];
  const definition =
    stored === undefined
      ? choosePackage(view, name, version).packed.unpack()
      : decodeDefinition(readDefinitionLabel(stored));
  return {
    appId,
    definition,
    source: labels[SOURCE_LABEL] ?? '',
    options: readOptionsLabel(labels[OPTIONS_LABEL]),
  };
};

const upgradesTo = (catalog: Catalog, { name, version }: PackageDefinition): string[] =>
  (catalog.get(name) ?? [])
    .map(({ packed }) => packed.summary)
    .filter(({ upgradesFrom = [] }) => upgradesFrom.includes(version) || upgradesFrom.includes('*'))
    .map((summary) => summary.version);

const downgradesTo = (catalog: Catalog, { name, downgradesTo: allowed = [] }: PackageDefinition): string[] =>
  (catalog.get(name) ?? [])
    .map(({ packed }) => packed.summary.version)
    .filter((version) => allowed.includes(version) || allowed.includes('*'));
