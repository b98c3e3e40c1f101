import { posix } from 'node:path';
import { isNotFound } from '../../clients/api-error.ts';
import type { NodeDiagnosticsClient } from '../../clients/node-diagnostics-client.ts';
import { CliError } from '../errors/cli-error.ts';
import { formatBytes } from '../output/format.ts';

/** Said by all commands of this family: it is what DC/OS had before 2.0. */
export const OLD_DIAGNOSTICS_NOTE =
  'node diagnostics is how DC/OS before 2.0 did it; plenum diagnostics does it now';

/** The answer of a call, or a CliError that says what to do where a cluster has nothing of the kind. */
export const orNewerWay = async <T>(call: Promise<T>): Promise<T> => {
  try {
    return await call;
  } catch (error) {
    if (!isNotFound(error) || error.isOwnForm) throw error;
    throw new CliError('not-found', 'This cluster has no diagnostics of nodes', {
      hint: 'plenum diagnostics create collects those of the whole cluster',
      cause: error,
    });
  }
};

/** Names of bundles with their sizes, as the original lists them. */
export const bundleLines = (bundles: Awaited<ReturnType<NodeDiagnosticsClient['list']>>): string[] => {
  const found = Object.values(bundles).flatMap((onMaster) => onMaster ?? []);
  return found.map(
    ({ file_name: file, file_size: size }) => `${posix.basename(file)} ${formatBytes(size).replace(' ', '')}`,
  );
};

/** Throws CliError for what is no name of a bundle, so that nothing else can be deleted. */
export const checkedBundleName = (name: string): string => {
  if (/^bundle-[\w.-]*\.zip$/.test(name)) return name;
  throw new CliError('usage', `"${name}" is no name of a bundle`, { hint: 'They are called bundle-….zip' });
};
