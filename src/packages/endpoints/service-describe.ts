import { resolveOptions } from '../../universe/render/render-package.ts';
import type { Endpoint } from '../api/endpoint.ts';
import { serviceType } from '../api/media-type.ts';
import type { PackageServices } from '../package-services.ts';
import { jsonOrNull, presentDefinition } from './present-definition.ts';
import { findService } from './running-service.ts';
import { downgradesTo, upgradesTo } from './version-changes.ts';

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
