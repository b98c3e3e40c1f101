import type { PackageDefinition } from '../../universe/definition/package-definition.ts';
import { changeResourceUrls } from '../../universe/definition/resource.ts';
import { isJsonObject, type Json, type JsonObject } from '../../universe/json/json.ts';

/**
 * A definition as clients get it: its web addresses lead through this cluster, which may reach what a client cannot
 * (reference 2.11).
 */
export const presentDefinition = (definition: PackageDefinition, origin: string): JsonObject => {
  const { resource } = definition;
  const presented = resource
    ? { ...definition, resource: changeResourceUrls(resource, (url) => proxiedUrl(url, origin)) }
    : definition;
  return asJson(presented);
};

/** Where a client fetches a URL through the cluster; what is no web address stays. */
export const proxiedUrl = (url: string, origin: string): string =>
  /^https?:\/\//i.test(url) ? `${origin}/package/resource?url=${encodeURIComponent(url)}` : url;

/** A typed document as plain JSON; the types of documents know no index. */
export const asJson = (document: object): JsonObject => {
  const json: unknown = document;
  return isJsonObject(json) ? json : {};
};

export const jsonOrNull = (document: object | undefined): Json =>
  document === undefined ? null : asJson(document);
