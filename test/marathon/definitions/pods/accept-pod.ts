import {
  DEFAULT_DEFINITION_SETTINGS,
  type DefinitionSettings,
} from '../../../../src/marathon/definitions/definition-settings.ts';
import { resolvePath } from '../../../../src/marathon/definitions/path-id.ts';
import type { PodDefinition } from '../../../../src/marathon/definitions/pods/pod.ts';
import { readPod } from '../../../../src/marathon/definitions/pods/read-pod.ts';
import { InvalidDocument } from '../../../../src/marathon/definitions/violation.ts';
import { placePod } from '../../../../src/marathon/groups/place-pod.ts';
import { emptyRootGroup, type RootGroup } from '../../../../src/marathon/groups/root-group.ts';
import { VERSION } from '../accept-app.ts';

export interface PodPlace extends Partial<DefinitionSettings> {
  readonly root?: RootGroup;
  readonly force?: boolean;
}

/** What POST /v2/pods makes of a body, or rejects with. */
export const acceptPod = async (
  document: unknown,
  { root = emptyRootGroup(), force = false, ...settings }: PodPlace = {},
): Promise<PodDefinition> => {
  const input = await readPod(document);
  const after = placePod(root, input, {
    settings: { ...DEFAULT_DEFINITION_SETTINGS, ...settings },
    version: VERSION,
    force,
  });
  const pod = after.pods.get(resolvePath(input.id));
  if (!pod) throw new Error('the pod is not where it was put');
  return pod;
};

/** What is wrong about a body, as `path: message`; empty when it is accepted. */
export const podViolationsOf = async (document: unknown, place: PodPlace = {}): Promise<string[]> => {
  try {
    await acceptPod(document, place);
    return [];
  } catch (error) {
    if (error instanceof InvalidDocument)
      return error.violations.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
};
