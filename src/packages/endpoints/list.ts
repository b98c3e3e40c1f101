import type { UniverseResource } from '../../../schemas/generated/universe-resource.ts';
import { COMMON_FIELDS } from '../../universe/definition/definition-fields.ts';
import { changeResourceUrls } from '../../universe/definition/resource.ts';
import { entryOf, isJsonObject, type Json, type JsonObject, withoutNulls } from '../../universe/json/json.ts';
import { DEFINITION_LABEL } from '../../universe/render/package-labels.ts';
import { absoluteId } from '../../universe/render/render-package.ts';
import type { Endpoint } from '../api/endpoint.ts';
import { packageType } from '../api/media-type.ts';
import type { PackageServices } from '../package-services.ts';
import { installedApps } from './installed-apps.ts';
import { asJson, proxiedUrl } from './present-definition.ts';

/** POST /package/list (reference 2.8): what is installed, read from the labels of apps alone. */
export const list = ({ clients }: PackageServices): Endpoint => ({
  requestType: packageType('list-request'),
  responseTypes: [packageType('list-response')],
  mayBeEmpty: true,
  answer: async ({ fields, authorization, origin }) => {
    const packageName = fields.optionalText('packageName');
    const wantedId = fields.optionalText('appId');
    const apps = await installedApps(clients.marathon(authorization));
    const wanted = apps.filter(
      (app) =>
        app.labels[DEFINITION_LABEL] !== undefined &&
        (packageName === undefined || app.packageName === packageName) &&
        (wantedId === undefined || app.appId === absoluteId(wantedId)),
    );
    return {
      packages: wanted.map(({ appId, definition }) => ({
        appId,
        packageInformation: {
          packageDefinition: definitionOf(definition),
          resourceDefinition: resourceOf(definition, origin),
        },
      })),
    };
  },
});

const definitionOf = (definition: JsonObject): JsonObject => ({
  ...Object.fromEntries(COMMON_FIELDS.map((field) => [field, entryOf(definition, field) ?? null])),
  selected: entryOf(definition, 'selected') ?? false,
  framework: entryOf(definition, 'framework') ?? false,
});

/** Assets and pictures; the stored form has every absent part as null. */
const resourceOf = (definition: JsonObject, origin: string): Json => {
  const stored = withoutNulls(entryOf(definition, 'resource') ?? null);
  if (!isJsonObject(stored)) return null;
  // It was checked against the schema of resources when the package was read, before it was stored.
  const { assets, images } = changeResourceUrls(stored as UniverseResource, (url) => proxiedUrl(url, origin));
  return asJson({ ...(assets ? { assets } : {}), ...(images ? { images } : {}) });
};
