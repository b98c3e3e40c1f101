import { readOptionsLabel } from '../../universe/render/package-labels.ts';
import type { Endpoint } from '../api/endpoint.ts';
import { serviceType } from '../api/media-type.ts';
import { isSameState } from '../history/history-entry.ts';
import type { PackageServices } from '../package-services.ts';
import { findService, stateOf } from './running-service.ts';

/**
 * POST /service/history `{appId}`: `{"entries": [{id, action, at, packageName, packageVersion, source, options, current}]}`,
 * the oldest first. An addition to the reference. Whoever may not see the app in Marathon does not see its history.
 */
export const historyOfService = ({ cache, clients, history }: PackageServices): Endpoint => ({
  requestType: serviceType('history-request'),
  responseTypes: [serviceType('history-response')],
  answer: async ({ fields, authorization }) => {
    const marathon = clients.marathon(authorization);
    const service = await findService(marathon, fields.text('appId'), await cache.view());
    const state = stateOf(service);
    const entries = history.entries(service.appId);
    const current = entries.findLast((entry) => isSameState(entry, state));
    return {
      entries: entries.map((entry) => ({
        id: entry.id,
        action: entry.action,
        at: new Date(entry.atMs).toISOString(),
        packageName: entry.packageName,
        packageVersion: entry.packageVersion,
        source: entry.source,
        options: readOptionsLabel(entry.optionsLabel) ?? {},
        current: entry === current,
      })),
    };
  },
});
