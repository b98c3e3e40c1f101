import { send } from '../../http/respond.ts';
import type { Handler } from '../../http/router.ts';
import { cosmosError } from '../api/cosmos-error.ts';
import { CAPABILITIES_TYPE, negotiate } from '../api/media-type.ts';

/** Without LOGGING_V2, the log service of DC/OS: command lines then read the files of sandboxes from the agents. */
const NAMES = ['PACKAGE_MANAGEMENT', 'SUPPORT_CLUSTER_REPORT', 'METRONOME', 'LOGGING'];
const BODY = JSON.stringify({ capabilities: NAMES.map((name) => ({ name })) });

/** GET /capabilities (reference 2.14). Health checks ask without an Accept header. */
export const capabilities: Handler = ({ request, response }) => {
  const { accept } = request.headers;
  const isAnything = accept === undefined || accept.includes('*/*') || accept.includes('application/json');
  if (!isAnything && negotiate(accept, [CAPABILITIES_TYPE]) === undefined) {
    throw cosmosError('not_valid', `Header 'Accept' should be ${CAPABILITIES_TYPE}`);
  }
  send(response, 200, BODY, { 'Content-Type': CAPABILITIES_TYPE });
};
