import { changeImageUrls } from '../../universe/definition/resource.ts';
import type { Endpoint } from '../api/endpoint.ts';
import { packageType } from '../api/media-type.ts';
import type { PackageServices } from '../package-services.ts';
import { jsonOrNull, proxiedUrl } from './present-definition.ts';

/** POST /package/search (reference 2.3); `"order": "fit"` puts what fits best first, as the original does not. */
export const search = ({ cache }: PackageServices): Endpoint => ({
  requestType: packageType('search-request'),
  responseTypes: [packageType('search-response')],
  answer: async ({ fields, origin }) => {
    const { index } = await cache.view();
    const order = fields.optionalText('order') === 'fit' ? 'fit' : 'name';
    const results = index.search(fields.optionalText('query'), order);
    return {
      packages: results.map(({ entry: { packed, repository }, versions }) => {
        const { name, version, description, framework, tags, selected, images } = packed.summary;
        const presented = images && changeImageUrls(images, (url) => proxiedUrl(url, origin));
        return {
          name,
          currentVersion: version,
          versions,
          description,
          framework: framework ?? false,
          tags,
          selected: selected ?? null,
          images: jsonOrNull(presented),
          repository: repository.name,
        };
      }),
    };
  },
});
