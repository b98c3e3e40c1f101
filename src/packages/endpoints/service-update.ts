import { ApiError, isNotFound } from '../../clients/api-error.ts';
import type { MarathonClient } from '../../clients/marathon-client.ts';
import { type JsonObject, objectWithDoubles } from '../../universe/json/json.ts';
import { resolveOptions } from '../../universe/render/render-package.ts';
import { cosmosError } from '../api/cosmos-error.ts';
import type { CosmosRequest, Endpoint } from '../api/endpoint.ts';
import { serviceType } from '../api/media-type.ts';
import type { HistoryAction, HistoryEntry } from '../history/history-entry.ts';
import { isSameState } from '../history/history-entry.ts';
import { forwardToManager } from '../managers/forward-to-manager.ts';
import { managerOf } from '../managers/manager-of.ts';
import { runningPackage } from '../managers/running-package.ts';
import type { PackageServices } from '../package-services.ts';
import type { CatalogView } from '../repositories/repository-cache.ts';
import { marathonError } from './marathon-error.ts';
import { planRollback, planUpdate, type UpdatePlan } from './plan-update.ts';
import { asJson } from './present-definition.ts';
import { refuseWhileUninstalling } from './refuse-while-uninstalling.ts';
import { findService, type RunningService, stateOf } from './running-service.ts';

/** POST /service/update (reference 2.9): runs a service with other options, or as another version that may follow. */
export const updateService = (services: PackageServices): Endpoint => ({
  requestType: serviceType('update-request'),
  responseTypes: [serviceType('update-response')],
  answer: async (request) => {
    const { fields } = request;
    const runs = runningPackage(fields, 'currentPackageVersion');
    const managed = managerOf(await services.cache.view(), fields, runs);
    if (managed) {
      // Its packageVersion is the one that is wanted, and says nothing of the one that runs.
      const { managerId } = managed;
      return forwardToManager(services, request, { managerId, path: '/service/update' });
    }
    const { service, view, marathon } = await lookUp(services, request);
    const plan = await planUpdate(service, request.fields, view);
    return carryOut(services, { service, plan, marathon, action: 'UPDATED' });
  },
});

/**
 * POST /service/rollback `{appId, to?: number, force?: boolean}`: runs a service as an entry of its history says, without
 * `to` as the last one that differs from how it runs. Answers as an update does. An addition to the reference.
 */
export const rollbackService = (services: PackageServices): Endpoint => ({
  requestType: serviceType('rollback-request'),
  responseTypes: [serviceType('rollback-response')],
  answer: async (request) => {
    const { service, view, marathon } = await lookUp(services, request);
    const plan = await planOfRollback(services, { service, view, request });
    return carryOut(services, { service, plan, marathon, action: 'ROLLED_BACK' });
  },
});

/**
 * POST /service/preview: what an update (the same request) or a rollback (`rollback: true`) would do, without doing it:
 * `{package, currentVersion, currentOptions, resolvedOptions, marathonJson}`, both options with the defaults. An addition
 * to the reference.
 */
export const previewService = (services: PackageServices): Endpoint => ({
  requestType: serviceType('preview-request'),
  responseTypes: [serviceType('preview-response')],
  answer: async (request) => {
    const { service, view } = await lookUp(services, request);
    const isRollback = request.fields.optionalFlag('rollback') ?? false;
    const plan = isRollback
      ? await planOfRollback(services, { service, view, request })
      : await planUpdate(service, request.fields, view);
    const { definition, options, app } = plan;
    return {
      package: asJson(definition),
      currentVersion: service.definition.version,
      currentOptions: resolveOptions(service.definition, service.options ?? {}),
      resolvedOptions: resolveOptions(definition, options),
      marathonJson: app,
    };
  },
});

interface LookedUp {
  readonly service: RunningService;
  readonly view: CatalogView;
  readonly marathon: MarathonClient;
}

const lookUp = async (
  { cache, clients }: PackageServices,
  { fields, authorization }: CosmosRequest,
): Promise<LookedUp> => {
  const marathon = clients.marathon(authorization);
  const view = await cache.view();
  return { marathon, view, service: await findService(marathon, fields.text('appId'), view) };
};

const planOfRollback = async (
  { history }: PackageServices,
  { service, view, request: { fields } }: Pick<LookedUp, 'service' | 'view'> & { request: CosmosRequest },
): Promise<UpdatePlan> => {
  const entry = entryToReturnTo(service, history.entries(service.appId), fields.optionalInteger('to'));
  return planRollback(service, entry, { isForced: fields.optionalFlag('force') ?? false, view });
};

const entryToReturnTo = (
  service: RunningService,
  entries: readonly HistoryEntry[],
  id: number | undefined,
): HistoryEntry => {
  const current = stateOf(service);
  const found =
    id === undefined
      ? entries.findLast((entry) => !isSameState(entry, current))
      : entries.find((entry) => entry.id === id);
  if (found !== undefined) return found;
  const what = id === undefined ? 'that differs from how it runs' : `of the number ${id}`;
  throw cosmosError('HistoryEntryNotFound', `The history of [${service.appId}] has no entry ${what}`, {
    data: { appId: service.appId, ids: entries.map((entry) => entry.id) },
  });
};

/** What ran before is written down first: after a crash in between, the next change finds what came of this one. */
const carryOut = async (
  { history, uninstalls }: PackageServices,
  {
    service,
    plan,
    marathon,
    action,
  }: Pick<LookedUp, 'service' | 'marathon'> & { plan: UpdatePlan; action: HistoryAction },
): Promise<JsonObject> => {
  const { appId } = service;
  const { definition, options, app } = plan;
  refuseWhileUninstalling(uninstalls, app);
  await history.noteFound(appId, stateOf(service));
  const { deploymentId } = await marathon
    .updateApp(appId, objectWithDoubles(app), { force: true, isWhole: true })
    .catch((error: unknown) => {
      throw updateError(error, appId);
    });
  await history.record(appId, action, stateOf(plan));
  return {
    package: asJson(definition),
    resolvedOptions: resolveOptions(definition, options),
    marathonDeploymentId: deploymentId,
  };
};

/** As for an installation, but a conflict is not that the app exists already. */
const updateError = (error: unknown, appId: string): unknown => {
  if (isNotFound(error)) {
    return cosmosError('MarathonAppNotFound', `Unable to locate service with marathon appId: '${appId}'`, {
      data: { appId },
    });
  }
  return error instanceof ApiError && error.status === 409
    ? cosmosError('MarathonBadResponse', error.message, { data: { errors: [] }, cause: error })
    : marathonError(error);
};
