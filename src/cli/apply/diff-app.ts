import { putApps } from '../../clients/marathon-definitions-client.ts';
import { findVersion } from '../apps/find-version.ts';
import { isPlenum } from '../apps/require-plenum.ts';
import { writableApp } from '../apps/writable-app.ts';
import type { ClusterClients } from '../clusters/cluster-clients.ts';
import { CliError } from '../errors/cli-error.ts';
import type { Terminal } from '../output/terminal.ts';
import { compareDefinitions, diffDefinitions } from './compare-definitions.ts';
import { placingErrors } from './place-errors.ts';
import type { FieldChange } from './planned-change.ts';
import { readDefinitions } from './read-definitions.ts';
import { wantedDefinitions } from './wanted-definitions.ts';

const VERSION = /^([-+]?\d+|\d{4}-\d\d-\d\dT.*)$/;

/** Whether a version is meant (a time, or how many back), and not a file. */
export const isVersion = (text: string): boolean => VERSION.test(text);

/** What differs between two versions of an app, or between one and what it is now. Throws CliError and ApiError. */
export const diffVersions = async (
  { marathon }: ClusterClients,
  id: string,
  [before, after]: readonly [string, string | undefined],
): Promise<FieldChange[]> => {
  const definitionAt = async (wanted: string): Promise<object> => {
    const version = await findVersion(wanted, { id, versions: () => marathon.getVersions(id) });
    return writableApp({ ...(await marathon.getVersion(id, version)) });
  };
  const former = await definitionAt(before);
  const next =
    after === undefined ? writableApp({ ...(await marathon.getApp(id)) }) : await definitionAt(after);
  return diffDefinitions(former, next);
};

/** What of an app would be different if it were as a file, or one of those in a folder, has it. Throws CliError and ApiError. */
export const diffWithFile = async (
  { marathon, definitions: client }: ClusterClients,
  { id, path, terminal }: { id: string; path: string; terminal: Terminal },
): Promise<readonly FieldChange[]> => {
  const spec = wantedDefinitions((await readDefinitions([path], terminal)).documents).specs.get(id);
  if (spec?.kind !== 'app') throw new CliError('not-found', `${path} defines no app ${id}`);
  const present = await marathon.getApp(id);
  const { definition } = spec;
  if (!(await isPlenum(marathon))) return compareDefinitions(present, definition);
  const whole = 'instances' in definition ? definition : { ...definition, instances: present.instances };
  const { diff } = await placingErrors(client.preview(putApps([whole])), {
    isArray: true,
    locate: ({ pointer }) => spec.placeOf(pointer),
  });
  return diff.find((one) => one.id === id)?.changes ?? [];
};
