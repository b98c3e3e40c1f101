import type { MarathonClient } from '../../clients/marathon-client.ts';
import type { MarathonApp } from '../../clients/marathon-types.ts';
import { isJsonObject, type JsonObject } from '../../universe/json/json.ts';
import {
  DEFINITION_LABEL,
  NAME_LABEL,
  readDefinitionLabel,
  VERSION_LABEL,
} from '../../universe/render/package-labels.ts';
import { marathonError } from './marathon-error.ts';

/** An app that a package runs as. */
export interface InstalledApp {
  readonly appId: string;
  readonly packageName: string;
  readonly packageVersion: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  /** Whether Marathon holds volumes for it, which end with the app. */
  readonly hasOwnVolumes: boolean;
  /** The stored definition; where there is none that can be read, what the labels say. */
  readonly definition: JsonObject;
}

/** All apps that packages run as, sorted by package and id. Throws the API's errors. */
export const installedApps = async (marathon: MarathonClient): Promise<readonly InstalledApp[]> => {
  const apps = await marathon.getApps().catch((error: unknown) => {
    throw marathonError(error);
  });
  return apps
    .flatMap((app) => readInstalledApp(app) ?? [])
    .sort((a, b) => compare(a.packageName, b.packageName) || compare(a.appId, b.appId));
};

/** What an app's labels say of the package it came from; undefined when it came from none. */
export const readInstalledApp = (app: MarathonApp): InstalledApp | undefined => {
  const { id, labels = {}, container } = app;
  const packageName = labels[NAME_LABEL];
  if (packageName === undefined) return undefined;
  const definitionLabel = labels[DEFINITION_LABEL];
  const packageVersion = labels[VERSION_LABEL];
  return {
    appId: id,
    packageName,
    packageVersion,
    labels,
    hasOwnVolumes: container?.volumes?.some(({ persistent }) => persistent !== undefined) ?? false,
    definition: (definitionLabel && readDefinition(definitionLabel)) || {
      packagingVersion: '2.0',
      name: packageName,
      version: packageVersion ?? '',
      maintainer: '',
      description: '',
      tags: [],
    },
  };
};

/** One app whose label was damaged must not hide the others: undefined when it cannot be read. */
const readDefinition = (label: string): JsonObject | undefined => {
  try {
    const definition = readDefinitionLabel(label);
    return isJsonObject(definition) ? definition : undefined;
  } catch {
    return undefined;
  }
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
