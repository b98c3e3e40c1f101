import { resolveOptions } from '../../universe/render/render-package.ts';
import type { Endpoint } from '../api/endpoint.ts';
import { serviceType } from '../api/media-type.ts';
import { forwardToManager } from '../managers/forward-to-manager.ts';
import { managerOf } from '../managers/manager-of.ts';
import { runningPackage } from '../managers/running-package.ts';
import type { PackageServices } from '../package-services.ts';
import { jsonOrNull, presentDefinition } from './present-definition.ts';
import { findService } from './running-service.ts';
import { downgradesTo, upgradesTo } from './version-changes.ts';

/** POST /service/describe (reference 2.9). */
export const describeService = (services: PackageServices): Endpoint => ({
  requestType: serviceType('describe-request'),
  responseTypes: [serviceType('describe-response')],
  answer: async (request) => {
    const { cache, clients } = services;
    const { fields, authorization, origin } = request;
    const view = await cache.view();
    const managed = managerOf(view, fields, runningPackage(fields, 'packageVersion'));
    if (managed) return forwardToManager(services, request, { ...managed, path: '/service/describe' });
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
