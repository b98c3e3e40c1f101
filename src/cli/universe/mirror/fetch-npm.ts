import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { FetchBounds } from './fetch-file.ts';
import { packFolder } from './pack-folder.ts';
import { runClient } from './run-client.ts';

const NPM = /^((?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*)(?:@([A-Za-z0-9^~><=*. |+-]+))?$/i;
const FLAGS = ['--no-audit', '--no-fund', '--no-update-notifier', '--omit=dev', '--loglevel=error'];

/** Installs `npm:name@version` with the user's npm, as agents do it, into an archive with `node_modules`. */
export const fetchNpm = async (
  address: string,
  target: string,
  { signal }: FetchBounds,
): Promise<{ fileName: string }> => {
  const [, name, version = 'latest'] = NPM.exec(address.slice('npm:'.length)) ?? [];
  if (name === undefined) throw new Error('it is no npm package');
  const folder = await mkdtemp(join(tmpdir(), 'plenum-npm-'));
  try {
    await runClient('npm', ['install', ...FLAGS, '--prefix', folder, '--', `${name}@${version}`], signal);
    await packFolder(folder, target);
    return { fileName: `${basename(name)}.tar.gz` };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
