import type { CatalogEntry } from '../../universe/catalog/catalog.ts';
import type { PackageDefinition } from '../../universe/definition/package-definition.ts';
import type { JsonObject } from '../../universe/json/json.ts';
import { renderPackage } from '../../universe/render/render-package.ts';
import { redactUri } from '../../universe/sources/repository-uri.ts';
import type { Endpoint } from '../api/endpoint.ts';
import { packageType } from '../api/media-type.ts';
import type { RequestFields } from '../api/request-fields.ts';
import type { PackageServices } from '../package-services.ts';
import { choosePackage } from './choose-package.ts';
import { renderError } from './render-error.ts';

/** POST /package/render (reference 2.6): the dry run of an installation. */
export const render = ({ cache }: PackageServices): Endpoint => ({
  requestType: packageType('render-request'),
  responseTypes: [packageType('render-response')],
  answer: async ({ fields }) => {
    const view = await cache.view();
    const entry = choosePackage(view, fields.text('packageName'), fields.optionalText('packageVersion'));
    return { marathonJson: await renderEntry(entry, entry.packed.unpack(), fields) };
  },
});

/** Renders with the options and the app id of a request. Throws the API's errors. */
export const renderEntry = async (
  { repository }: CatalogEntry,
  definition: PackageDefinition,
  fields: RequestFields,
): Promise<JsonObject> => {
  const appId = fields.optionalText('appId');
  const options = fields.optionalObject('options') ?? {};
  try {
    return await renderPackage({
      definition,
      options,
      source: redactUri(repository.uri),
      ...(appId === undefined ? {} : { appId }),
    });
  } catch (error) {
    throw renderError(error, definition);
  }
};
