import { entryOf } from '../../universe/json/json.ts';
import { cosmosError } from '../api/cosmos-error.ts';
import type { Endpoint } from '../api/endpoint.ts';
import { packageType } from '../api/media-type.ts';
import type { PackageServices } from '../package-services.ts';
import { choosePackage } from './choose-package.ts';
import { presentDefinition } from './present-definition.ts';

const FLAT = packageType('describe-response', 2);
const NESTED = packageType('describe-response', 3);

/** POST /package/describe (reference 2.4). */
export const describe = ({ cache }: PackageServices): Endpoint => ({
  requestType: packageType('describe-request'),
  responseTypes: [NESTED, FLAT],
  answer: async ({ fields, origin, responseType }) => {
    const view = await cache.view();
    const { packed } = choosePackage(view, fields.text('packageName'), fields.optionalText('packageVersion'));
    const definition = packed.unpack();
    const presented = presentDefinition(definition, origin);
    if (responseType !== FLAT) return { package: presented };
    const { packagingVersion, upgradesFrom, downgradesTo } = definition;
    const isConvertible =
      packagingVersion !== '5.0' && upgradesFrom === undefined && downgradesTo === undefined;
    if (!isConvertible) {
      throw cosmosError(
        'ConversionFromPackageToV2DescribeResponse',
        `A package of packaging version ${packagingVersion} cannot be given as a v2 response: ask for v3`,
      );
    }
    return {
      ...presented,
      selected: entryOf(presented, 'selected') ?? false,
      framework: entryOf(presented, 'framework') ?? false,
    };
  },
});

/** POST /package/list-versions (reference 2.4). */
export const listVersions = ({ cache }: PackageServices): Endpoint => ({
  requestType: packageType('list-versions-request'),
  responseTypes: [packageType('list-versions-response')],
  answer: async ({ fields }) => {
    const packageName = fields.text('packageName');
    // Required by the format, without effect.
    fields.flag('includePackageVersions');
    const view = await cache.view();
    choosePackage(view, packageName);
    const entries = view.catalog.get(packageName) ?? [];
    const results = entries.map(({ packed: { summary } }) => [
      summary.version,
      String(summary.releaseVersion),
    ]);
    return { results: Object.fromEntries(results) };
  },
});
