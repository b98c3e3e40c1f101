import type { CheckInfo, CheckStatusInfo } from '../../mesos/generated/mesos.ts';

/** What a status says of a check while it has no result to tell (mesos.md 2.8). */
export const emptyCheckStatus = ({ type }: CheckInfo): CheckStatusInfo => {
  if (type === 'HTTP') return { type, http: {} };
  return type === 'TCP' ? { type, tcp: {} } : { type: 'COMMAND', command: {} };
};
