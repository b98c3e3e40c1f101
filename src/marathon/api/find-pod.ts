import type { HttpError } from '../../http/http-error.ts';
import { type PathId, resolvePath } from '../definitions/path-id.ts';
import type { PodDefinition } from '../definitions/pods/pod.ts';
import type { RootGroup } from '../groups/root-group.ts';
import { apiError } from './to-http-error.ts';

/** The pod that a path names, relative or not. Throws HttpError 404. */
export const findPod = (root: RootGroup, name = ''): PodDefinition => {
  const id = resolvePath(name);
  const pod = root.pods.get(id);
  if (!pod) throw noSuchPod(id);
  return pod;
};

export const noSuchPod = (id: PathId): HttpError => apiError(404, `pod with ${id} does not exist`);
