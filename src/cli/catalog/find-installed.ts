import type { CosmosClient } from '../../clients/cosmos-client.ts';
import { absoluteId } from '../apps/app-id.ts';
import { CliError } from '../errors/cli-error.ts';

/** The id of the app that a package runs as. Throws CliError when there is none, or more than one and none is named. */
export const findInstalled = async (
  packages: CosmosClient,
  { name, appId }: { readonly name: string; readonly appId?: string | undefined },
): Promise<string> => {
  const wanted = appId === undefined ? undefined : absoluteId(appId);
  const installed = await packages.list({ packageName: name });
  const ids = installed.map((each) => each.appId).filter((id) => wanted === undefined || id === wanted);
  const [id] = ids;
  if (id === undefined) {
    throw new CliError('not-found', `Package ${name} is not installed${wanted ? ` as ${wanted}` : ''}`, {
      hint: 'plenum package list shows what is installed',
    });
  }
  if (ids.length > 1) {
    throw new CliError('conflict', `Package ${name} is installed ${ids.length} times: ${ids.join(', ')}`, {
      hint: 'Name one with --app-id ID',
    });
  }
  return id;
};
