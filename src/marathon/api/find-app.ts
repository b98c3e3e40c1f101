import type { HttpError } from '../../http/http-error.ts';
import type { AppDefinition } from '../definitions/app.ts';
import { type PathId, resolvePath } from '../definitions/path-id.ts';
import type { RootGroup } from '../groups/root-group.ts';
import { notFound } from './to-http-error.ts';

/** The app that a path names, relative or not. Throws HttpError 404. */
export const findApp = (root: RootGroup, name = ''): AppDefinition => {
  const id = resolvePath(name);
  const app = root.apps.get(id);
  if (!app) throw noSuchApp(id);
  return app;
};

export const noSuchApp = (id: PathId): HttpError => notFound(`App '${id}' does not exist`);

/** `*` and `prod/*` name all apps of a group; undefined for the id of an app. */
export const wildcardGroup = (id = ''): PathId | undefined => {
  if (id !== '*' && !id.endsWith('/*')) return undefined;
  return resolvePath(id.slice(0, -1));
};
