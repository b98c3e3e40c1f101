import { isNotFound } from '../../clients/api-error.ts';
import type { MarathonClient } from '../../clients/marathon-client.ts';
import { decodeDefinition } from '../../universe/definition/decode-definition.ts';
import type { PackageDefinition } from '../../universe/definition/package-definition.ts';
import type { JsonObject } from '../../universe/json/json.ts';
import {
  DEFINITION_LABEL,
  NAME_LABEL,
  OPTIONS_LABEL,
  packageLabels,
  readDefinitionLabel,
  readOptionsLabel,
  SOURCE_LABEL,
  VERSION_LABEL,
} from '../../universe/render/package-labels.ts';
import { absoluteId } from '../../universe/render/render-package.ts';
import { cosmosError } from '../api/cosmos-error.ts';
import type { ServiceState } from '../history/history-entry.ts';
import type { CatalogView } from '../repositories/repository-cache.ts';
import { choosePackage } from './choose-package.ts';
import { marathonError } from './marathon-error.ts';

/** A service that runs, as its app's labels describe it. */
export interface RunningService {
  readonly appId: string;
  readonly definition: PackageDefinition;
  /** URI of the repository it came from. */
  readonly source: string;
  /** What it was installed with; undefined when that was not stored. */
  readonly options: JsonObject | undefined;
}

/** The service behind an app. Throws MarathonAppNotFound, and an internal error for an app that no package made. */
export const findService = async (
  marathon: MarathonClient,
  id: string,
  view: CatalogView,
): Promise<RunningService> => {
  const appId = absoluteId(id);
  const { labels = {} } = await marathon.getApp(appId).catch((error: unknown) => {
    if (!isNotFound(error)) throw marathonError(error);
    throw cosmosError('MarathonAppNotFound', `Unable to locate service with marathon appId: '${appId}'`, {
      data: { appId },
    });
  });
  const name = labels[NAME_LABEL];
  const version = labels[VERSION_LABEL];
  if (name === undefined || version === undefined) {
    throw cosmosError('unhandled_exception', `The app ${appId} was not installed from a package`, {
      status: 500,
    });
  }
  const stored = labels[DEFINITION_LABEL];
  const definition =
    stored === undefined
      ? choosePackage(view, name, version).packed.unpack()
      : decodeDefinition(readDefinitionLabel(stored));
  return {
    appId,
    definition,
    source: labels[SOURCE_LABEL] ?? '',
    options: readOptionsLabel(labels[OPTIONS_LABEL]),
  };
};

/** What is written down of a service; options that were not stored count as none. */
export const stateOf = ({
  definition,
  source,
  options = {},
}: Omit<RunningService, 'appId'>): ServiceState => {
  const labels = packageLabels({ definition, source, options });
  return {
    packageName: definition.name,
    packageVersion: definition.version,
    source,
    optionsLabel: labels[OPTIONS_LABEL] ?? '',
    definitionLabel: labels[DEFINITION_LABEL] ?? '',
  };
};
