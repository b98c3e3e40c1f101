import { sendJson } from '../../http/respond.ts';
import type { Handler } from '../../http/router.ts';
import { withDoubles, withoutNulls } from '../../universe/json/json.ts';
import type { PackageServices } from '../package-services.ts';
import { uninstallOf } from './uninstall.ts';

/**
 * GET /package/uninstalls: `{"uninstalls": [{packageName, appId, uninstall: {id, state, phase, problem}}]}`, those under
 * way and the last that ended, the oldest first. An addition to the reference, for clients that wait.
 */
export const listUninstalls =
  ({ uninstalls }: PackageServices): Handler =>
  ({ response }) => {
    const records = uninstalls.all().map((record) => ({
      packageName: record.packageName,
      appId: record.appId,
      packageVersion: record.packageVersion ?? null,
      uninstall: uninstallOf(record),
    }));
    sendJson(response, 200, withDoubles(withoutNulls({ uninstalls: records })));
  };
