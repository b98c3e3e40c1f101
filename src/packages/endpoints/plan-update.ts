import { decodeDefinition } from '../../universe/definition/decode-definition.ts';
import type { PackageDefinition } from '../../universe/definition/package-definition.ts';
import { entryOf, type JsonObject } from '../../universe/json/json.ts';
import { mergeOptions } from '../../universe/options/merge-options.ts';
import { readDefinitionLabel, readOptionsLabel } from '../../universe/render/package-labels.ts';
import { absoluteId, renderPackage } from '../../universe/render/render-package.ts';
import { redactUri } from '../../universe/sources/repository-uri.ts';
import { cosmosError } from '../api/cosmos-error.ts';
import type { RequestFields } from '../api/request-fields.ts';
import type { HistoryEntry } from '../history/history-entry.ts';
import type { CatalogView } from '../repositories/repository-cache.ts';
import { choosePackage } from './choose-package.ts';
import { renderError } from './render-error.ts';
import type { RunningService } from './running-service.ts';
import { downgradesTo, mayFollow, upgradesTo } from './version-changes.ts';

/** What a service is to run as, and the app that makes it so. */
export interface UpdatePlan {
  readonly definition: PackageDefinition;
  readonly source: string;
  /** What the user asked for. */
  readonly options: JsonObject;
  readonly app: JsonObject;
}

/** Plans an update by a request (reference 2.9): another version that may follow, options merged or replaced. */
export const planUpdate = async (
  service: RunningService,
  fields: RequestFields,
  view: CatalogView,
): Promise<UpdatePlan> => {
  const options = chosenOptions(service, fields);
  const { definition, source } = chosenVersion(service, fields.optionalText('packageVersion'), view);
  return { definition, source, options, app: await renderFor(service, { definition, source, options }) };
};

/** Plans to run a service as an entry of its history says. A version that may not follow is refused unless forced. */
export const planRollback = async (
  service: RunningService,
  entry: HistoryEntry,
  { isForced, view }: { isForced: boolean; view: CatalogView },
): Promise<UpdatePlan> => {
  const definition = decodeDefinition(readDefinitionLabel(entry.definitionLabel));
  const options = readOptionsLabel(entry.optionsLabel) ?? {};
  const isOtherVersion = definition.version !== service.definition.version;
  if (isOtherVersion && !isForced && !mayFollow(service.definition, definition)) {
    throw badVersion(service, definition.version, view);
  }
  const { source } = entry;
  return { definition, source, options, app: await renderFor(service, { definition, source, options }) };
};

const chosenVersion = (
  service: RunningService,
  version: string | undefined,
  view: CatalogView,
): Pick<UpdatePlan, 'definition' | 'source'> => {
  const { definition, source } = service;
  if (version === undefined || version === definition.version) return { definition, source };
  if (!validVersions(service, view).includes(version)) throw badVersion(service, version, view);
  const { packed, repository } = choosePackage(view, definition.name, version);
  return { definition: packed.unpack(), source: redactUri(repository.uri) };
};

const validVersions = ({ definition }: RunningService, { catalog }: CatalogView): readonly string[] => [
  ...new Set([...upgradesTo(catalog, definition), ...downgradesTo(catalog, definition)]),
];

const badVersion = (service: RunningService, updateVersion: string, view: CatalogView) => {
  const { name, version } = service.definition;
  const valid = validVersions(service, view).filter((candidate) => candidate !== version);
  const instead = valid.length === 0 ? 'there is none that it can' : `it can to [${valid.join(', ')}]`;
  return cosmosError(
    'BadVersionUpdate',
    `Package [${name}] cannot go from version [${version}] to version [${updateVersion}]; ${instead}`,
    { data: { updateVersion, validVersions: valid } },
  );
};

const chosenOptions = ({ options }: RunningService, fields: RequestFields): JsonObject => {
  const provided = fields.optionalObject('options') ?? {};
  if (fields.flag('replace')) return provided;
  if (options === undefined) {
    throw cosmosError(
      'OptionsNotStored',
      'The options of the current service were not stored: update with replace',
    );
  }
  return mergeOptions(options, provided);
};

type Rendering = Pick<UpdatePlan, 'definition' | 'source' | 'options'>;

/**
 * Renders what is to run in the service's place. An app that was installed under an id of its own (`appId`) keeps it, which
 * the original refuses; one whose id came from the options must not get another by them.
 */
const renderFor = async (service: RunningService, rendering: Rendering): Promise<JsonObject> => {
  const { appId } = service;
  const app = await render(rendering);
  const newId = entryOf(app, 'id');
  if (typeof newId === 'string' && absoluteId(newId) === appId) return app;
  if (await hasGivenId(service)) return render(rendering, appId);
  throw cosmosError(
    'AppIdChanged',
    `The new appId ${JSON.stringify(newId ?? null)} must be equal to the old appId ${appId}`,
    { data: { newAppId: newId ?? null, oldAppId: appId } },
  );
};

/** Whether the app has another id than its package makes. */
const hasGivenId = async ({ appId, definition, source, options }: RunningService): Promise<boolean> => {
  if (options === undefined) return false;
  try {
    const made = entryOf(await renderPackage({ definition, source, options }), 'id');
    return typeof made !== 'string' || absoluteId(made) !== appId;
  } catch {
    return false;
  }
};

const render = async (rendering: Rendering, appId?: string): Promise<JsonObject> => {
  try {
    return await renderPackage({ ...rendering, ...(appId === undefined ? {} : { appId }) });
  } catch (error) {
    throw renderError(error, rendering.definition);
  }
};
