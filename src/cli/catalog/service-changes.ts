import { isNotFound } from '../../clients/api-error.ts';
import type { CosmosClient } from '../../clients/cosmos-client.ts';
import type { ServicePreview } from '../../clients/cosmos-types.ts';
import type { MarathonClient } from '../../clients/marathon-client.ts';
import type { MarathonPreview } from '../../clients/marathon-types.ts';
import { isJsonObject, type JsonObject } from '../../universe/json/json.ts';
import { diffOptions, type OptionChange } from '../../universe/options/diff-options.ts';
import { createSecretHider } from '../../universe/options/secret-hider.ts';
import { previewLines } from '../apps/preview-change.ts';
import { requireDryRun } from '../apps/require-plenum.ts';
import { CliError } from '../errors/cli-error.ts';
import type { Paint } from '../output/paint.ts';
import { hideInApp } from './hide-in-app.ts';

/** What an update or a rollback of a service would change. */
export interface ServiceChanges {
  readonly appId: string;
  readonly packageName: string;
  readonly version: { readonly before: string; readonly after: string };
  /** With the defaults, whose changes between versions count too. */
  readonly options: readonly OptionChange[];
  /** What Marathon would do; missing where it cannot tell. Without the labels in which packages describe themselves. */
  readonly app?: MarathonPreview;
}

export type ServiceChangeRequest = Parameters<CosmosClient['previewService']>[0];

/**
 * Asks what a change would do: the package service for the options and the app, Marathon for what the app differs in and
 * the steps. Undefined when the package service cannot tell, which is only Plenum's.
 */
export const previewServiceChange = async (
  request: ServiceChangeRequest,
  { packages, marathon }: { readonly packages: CosmosClient; readonly marathon: MarathonClient },
): Promise<{ preview: ServicePreview; changes: ServiceChanges } | undefined> => {
  let preview: ServicePreview;
  try {
    preview = await packages.previewService(request);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
  const { appId } = request;
  const [before, after] = [jsonOf(preview.currentOptions), jsonOf(preview.resolvedOptions)];
  const secrets = createSecretHider(preview.package.config, [before, after]);
  const app = await dryRun(marathon, appId, preview.marathonJson);
  return {
    preview,
    changes: {
      appId,
      packageName: preview.package.name,
      version: { before: preview.currentVersion, after: preview.package.version },
      options: diffOptions(before, after).map((change) => secrets.option(change)),
      ...(app === undefined ? {} : { app: hideInApp(app, secrets) }),
    },
  };
};

/** Whether nothing would be other than it is, as far as can be told. */
export const isNothing = ({ version, options, app }: ServiceChanges): boolean =>
  version.before === version.after && options.length === 0 && app?.diff.length === 0;

/** What would change, for people. */
export const serviceChangeLines = (changes: ServiceChanges, paint: Paint): string[] => {
  if (isNothing(changes)) return ['Nothing would change'];
  const { appId, packageName, version, options, app } = changes;
  const versions = version.before === version.after ? version.after : `${version.before} -> ${version.after}`;
  return [
    paint.heading(`${packageName} ${versions} (${appId})`),
    ...options.flatMap(({ path, before, after }) => [
      ...(before === undefined ? [] : [paint.bad(`    - ${path.join('.')}: ${JSON.stringify(before)}`)]),
      ...(after === undefined ? [] : [paint.good(`    + ${path.join('.')}: ${JSON.stringify(after)}`)]),
    ]),
    ...(app === undefined
      ? ['This Marathon cannot tell what changes in the app']
      : previewLines({ ...app, lockedBy: [] }, paint)),
    ...(app?.lockedBy ?? []).map((id) => `Deployment ${id} is under way: it would be given up`),
  ];
};

const dryRun = async (
  marathon: MarathonClient,
  appId: string,
  app: object,
): Promise<MarathonPreview | undefined> => {
  try {
    await requireDryRun(marathon);
  } catch (error) {
    if (error instanceof CliError) return undefined;
    throw error;
  }
  const preview = await marathon.dryRun.updateApp(appId, app, { isWhole: true });
  const diff = preview.diff.map(({ changes, ...rest }) => ({
    ...rest,
    changes: changes.filter(({ path }) => !path.startsWith('/labels/DCOS_PACKAGE_')),
  }));
  return { ...preview, diff };
};

const jsonOf = (document: object): JsonObject => (isJsonObject(document) ? document : {});
