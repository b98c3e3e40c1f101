import type { Repository } from '../../universe/catalog/catalog.ts';
import { entryOf, type JsonObject } from '../../universe/json/json.ts';
import { redactUri } from '../../universe/sources/repository-uri.ts';
import { cosmosError } from '../api/cosmos-error.ts';
import type { Endpoint } from '../api/endpoint.ts';
import { packageType } from '../api/media-type.ts';
import type { PackageServices } from '../package-services.ts';
import type { RepositoryCache } from '../repositories/repository-cache.ts';
import { choosePackage } from './choose-package.ts';
import { presentDefinition } from './present-definition.ts';

const FLAT = packageType('describe-response', 2);
const NESTED = packageType('describe-response', 3);

/**
 * POST /package/describe (reference 2.4). With `withRepository` (an addition to it) the answer of version 3 says which
 * repository the package comes from, and at which commit.
 */
export const describe = ({ cache }: PackageServices): Endpoint => ({
  requestType: packageType('describe-request'),
  responseTypes: [NESTED, FLAT],
  answer: async ({ fields, origin, responseType }) => {
    const view = await cache.view();
    const { packed, repository } = choosePackage(
      view,
      fields.text('packageName'),
      fields.optionalText('packageVersion'),
    );
    const definition = packed.unpack();
    const presented = presentDefinition(definition, origin);
    if (responseType !== FLAT) {
      const isSourceWanted = fields.optionalFlag('withRepository') ?? false;
      return { package: presented, repository: isSourceWanted ? sourceOf(repository, cache) : null };
    }
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

const sourceOf = ({ name, uri }: Repository, cache: RepositoryCache): JsonObject => {
  const { commit } = cache.statuses().find(({ repository }) => repository.name === name) ?? {};
  return { name, uri: redactUri(uri), commit: commit ?? null };
};

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
