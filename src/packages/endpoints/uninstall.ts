import { entryOf, type JsonObject } from '../../universe/json/json.ts';
import { FRAMEWORK_NAME_LABEL, SDK_UNINSTALL_LABEL } from '../../universe/render/package-labels.ts';
import { absoluteId } from '../../universe/render/render-package.ts';
import { cosmosError } from '../api/cosmos-error.ts';
import type { Endpoint } from '../api/endpoint.ts';
import { packageType } from '../api/media-type.ts';
import type { RequestFields } from '../api/request-fields.ts';
import { forwardToManager } from '../managers/forward-to-manager.ts';
import { managerOf } from '../managers/manager-of.ts';
import type { PackageServices } from '../package-services.ts';
import type { UninstallRecord } from '../uninstall/uninstall-record.ts';
import type { UninstallOrder, Uninstalls } from '../uninstall/uninstalls.ts';
import { packageNotInstalled } from './choose-package.ts';
import { type InstalledApp, installedApps } from './installed-apps.ts';

/** An answer waits this long for the end; what takes longer goes on and can be looked up. */
const LONGEST_ANSWER_MS = 20_000;

/**
 * POST /package/uninstall (reference 2.10): removes the apps, tears down the frameworks they started and frees what was
 * reserved for them, unless `keepData` (an addition to the reference) is set. Asked again while that is under way, it waits
 * for the same end.
 */
export const uninstall = (services: PackageServices): Endpoint => ({
  requestType: packageType('uninstall-request'),
  responseTypes: [packageType('uninstall-response')],
  answer: async (request) => {
    const { cache, clients, uninstalls } = services;
    const { fields, authorization } = request;
    const packageName = fields.text('packageName');
    const apps = await installedApps(clients.marathon(authorization));
    const under = uninstalls.pending().filter((record) => record.packageName === packageName);
    const isKnown = under.length > 0 || apps.some((app) => app.packageName === packageName);
    const packageVersion = fields.optionalText('packageVersion');
    // What runs in Marathon was not installed by a manager, whatever newer versions say.
    const isManageable = packageVersion !== undefined || !isKnown;
    const wanted = { packageName: isManageable ? packageName : undefined, packageVersion };
    const managed = managerOf(await cache.view(), fields, wanted);
    if (managed) return forwardToManager(services, request, { ...managed, path: '/package/uninstall' });
    const chosen = chooseApps(apps, under, packageName, fields);
    const keepsData = fields.optionalFlag('keepData') ?? false;
    if (keepsData) refuseOwnVolumes(apps, chosen);
    const begun = await Promise.all(
      chosen.map(async (order) =>
        'id' in order ? order : uninstalls.begin({ ...order, keepsData }, authorization),
      ),
    );
    for (const record of begun) refuseOtherFate(record, keepsData);
    const ended = await Promise.all(begun.map(({ id }) => settle(uninstalls, id)));
    return { results: ended.map(resultOf) };
  },
});

/** Marathon gives the volumes of an app back with the app. */
const refuseOwnVolumes = (
  apps: readonly InstalledApp[],
  chosen: readonly (UninstallOrder | UninstallRecord)[],
): void => {
  const found = apps.find((app) => app.hasOwnVolumes && chosen.some(({ appId }) => appId === app.appId));
  if (found === undefined) return;
  throw cosmosError(
    'DataCannotBeKept',
    `[${found.appId}] has its data on volumes of its app, which Marathon removes with the app`,
    { data: { packageName: found.packageName, appId: found.appId } },
  );
};

/** What is under way with its data must not be reported as one that keeps it, nor the other way round. */
const refuseOtherFate = ({ appId, phase, keepsData = false }: UninstallRecord, isKept: boolean): void => {
  if (keepsData === isKept) return;
  throw cosmosError(
    'UninstallInProgress',
    `[${appId}] is being uninstalled already, and its data is ${keepsData ? 'kept' : 'removed'}`,
    { status: 409, data: { appId, phase } },
  );
};

/** What is to be uninstalled: apps that are there, and uninstallations of the package that are under way already. */
const chooseApps = (
  apps: readonly InstalledApp[],
  pending: readonly UninstallRecord[],
  packageName: string,
  fields: RequestFields,
): readonly (UninstallOrder | UninstallRecord)[] => {
  const isAll = fields.optionalFlag('all') ?? false;
  const appId = fields.optionalText('appId');
  const own = apps.filter((app) => app.packageName === packageName);
  const gone = pending.filter((record) => !own.some((app) => app.appId === record.appId));
  if (appId !== undefined) return [chooseById(absoluteId(appId), { apps, own, gone, packageName })];
  if (own.length > 1 && !isAll) {
    const appIds = own.map((app) => app.appId);
    throw cosmosError(
      'AmbiguousAppId',
      `Multiple apps named [${packageName}] are installed: [${appIds.join(', ')}]`,
      {
        data: { packageName, appIds },
      },
    );
  }
  const chosen = own.length > 0 ? [...own.map(orderOf), ...(isAll ? gone : [])] : gone;
  if (chosen.length === 0) throw packageNotInstalled(packageName);
  return chosen;
};

const chooseById = (
  appId: string,
  {
    apps,
    own,
    gone,
    packageName,
  }: {
    apps: readonly InstalledApp[];
    own: readonly InstalledApp[];
    gone: readonly UninstallRecord[];
    packageName: string;
  },
): UninstallOrder | UninstallRecord => {
  const app = own.find((candidate) => candidate.appId === appId);
  if (app) return orderOf(app);
  const record = gone.find((candidate) => candidate.appId === appId);
  if (record) return record;
  if (apps.some((candidate) => candidate.appId === appId)) throw packageNotInstalled(packageName);
  throw cosmosError(
    'UninstallNonExistentAppForPackage',
    `Package [${packageName}] with id [${appId}] is not installed`,
    { data: { packageName, appId } },
  );
};

const orderOf = ({
  appId,
  packageName,
  packageVersion,
  labels,
  definition,
}: InstalledApp): UninstallOrder => {
  const notes = entryOf(definition, 'postUninstallNotes');
  const frameworkName = frameworkNameOf(appId, labels);
  return {
    appId,
    packageName,
    ...(packageVersion === undefined ? {} : { packageVersion }),
    ...(typeof notes === 'string' ? { postUninstallNotes: notes } : {}),
    ...(frameworkName === undefined ? {} : { frameworkName }),
  };
};

/** Services of the SDK register under their service name, which is their app's id unless a label says otherwise. */
const frameworkNameOf = (appId: string, labels: Readonly<Record<string, string>>): string | undefined => {
  const isSdkService = labels[SDK_UNINSTALL_LABEL] !== undefined;
  const serviceName = isSdkService ? (labels.DCOS_SERVICE_NAME ?? appId.replace(/^\//, '')) : undefined;
  return labels[FRAMEWORK_NAME_LABEL] ?? serviceName;
};

const settle = async (uninstalls: Uninstalls, id: string): Promise<UninstallRecord> => {
  const record = await uninstalls.settled(id, LONGEST_ANSWER_MS);
  if (record === undefined) throw new Error(`The uninstallation ${id} is not known any more`);
  const { problem, problemType, packageName, appId, frameworkIds } = record;
  if (problem === undefined || problemType === undefined) return record;
  switch (problemType) {
    case 'MarathonAppDeleteError':
      throw cosmosError(problemType, problem, { data: { appId } });
    case 'MultipleFrameworkIds':
      throw cosmosError(problemType, problem, {
        data: {
          packageName,
          packageVersion: record.packageVersion ?? null,
          frameworkName: record.frameworkName ?? null,
          ids: [...frameworkIds],
        },
      });
    case 'IncompleteUninstall': {
      const next = record.state === 'FAILED' ? 'it was given up' : 'it goes on by itself';
      throw cosmosError(
        problemType,
        `Incomplete uninstall of package [${packageName}], ${next}: ${problem}`,
        {
          status: 503,
          data: { packageName, status: 503, uninstall: uninstallOf(record) },
        },
      );
    }
  }
};

const resultOf = (record: UninstallRecord): JsonObject => ({
  packageName: record.packageName,
  appId: record.appId,
  packageVersion: record.packageVersion ?? null,
  postUninstallNotes: record.postUninstallNotes ?? null,
  uninstall: uninstallOf(record),
});

/** How far an uninstallation is, for clients that wait for its end. */
export const uninstallOf = ({
  id,
  state,
  phase,
  problem,
  startedAtMs,
  endedAtMs,
}: UninstallRecord): JsonObject => ({
  id,
  state,
  phase: state === 'DONE' ? null : phase,
  problem: problem ?? null,
  startedAt: new Date(startedAtMs).toISOString(),
  endedAt: endedAtMs === undefined ? null : new Date(endedAtMs).toISOString(),
});
