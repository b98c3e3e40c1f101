import type { AppDefinition } from '../../../src/marathon/definitions/app.ts';
import {
  DEFAULT_DEFINITION_SETTINGS,
  type DefinitionSettings,
} from '../../../src/marathon/definitions/definition-settings.ts';
import { ROOT, resolvePath } from '../../../src/marathon/definitions/path-id.ts';
import { readApp } from '../../../src/marathon/definitions/read-app.ts';
import { InvalidDocument } from '../../../src/marathon/definitions/violation.ts';
import { placeApps } from '../../../src/marathon/groups/place-apps.ts';
import { emptyRootGroup, type RootGroup } from '../../../src/marathon/groups/root-group.ts';

export const VERSION = '2026-01-02T03:04:05.678Z';

/** Everything switched on, for the definitions that need it. */
export const ALL_FEATURES: Partial<DefinitionSettings> = {
  features: new Set(['secrets', 'gpu_resources', 'external_volumes']),
};

/** What POST /v2/apps makes of a body, or rejects with. */
export const acceptApp = async (
  document: unknown,
  { root = emptyRootGroup(), ...settings }: Partial<DefinitionSettings> & { root?: RootGroup } = {},
): Promise<AppDefinition> => {
  const input = await readApp(document);
  const after = placeApps(root, [{ input, base: ROOT, path: '' }], {
    settings: { ...DEFAULT_DEFINITION_SETTINGS, ...settings },
    version: VERSION,
    force: false,
  });
  const app = after.apps.get(resolvePath(input.id));
  if (!app) throw new Error('the app is not where it was put');
  return app;
};

/** What is wrong about a body, as `path: message`; empty when it is accepted. */
export const violationsOf = async (
  document: unknown,
  settings: Partial<DefinitionSettings> = {},
): Promise<string[]> => {
  try {
    await acceptApp(document, settings);
    return [];
  } catch (error) {
    if (error instanceof InvalidDocument)
      return error.violations.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
};
