import type { Call } from '../../mesos/generated/scheduler.ts';

/** Calls without a body, or with one that may be left out. */
const BODILESS: ReadonlySet<string> = new Set(['UNKNOWN', 'TEARDOWN', 'REVIVE', 'SUPPRESS']);
const UUID_BYTES = 16;

/** What is wrong about a call by itself, in Mesos' words (mesos.md 1.6). */
export const schedulerCallProblem = (call: Call): string | undefined => {
  // The reader leaves out names that it does not know.
  if (call.type === undefined) return "Expecting 'type' to be present";
  const body = call.type.toLowerCase();
  const hasBody = Object.entries(call).some(([field, value]) => field === body && value !== undefined);
  if (!BODILESS.has(call.type) && !hasBody) return `Expecting '${body}' to be present`;
  if (call.type === 'SUBSCRIBE') {
    const inInfo = call.subscribe.framework_info.id?.value;
    return call.framework_id?.value === inInfo
      ? undefined
      : "'framework_id' differs from 'subscribe.framework_info.id'";
  }
  if (call.framework_id === undefined) return "Expecting 'framework_id' to be present";
  return bodyProblem(call, call.framework_id.value);
};

const bodyProblem = (call: Call, frameworkId: string): string | undefined => {
  switch (call.type) {
    case 'ACKNOWLEDGE':
      return uuidProblem(call.acknowledge.uuid);
    case 'ACKNOWLEDGE_OPERATION_STATUS': {
      const { uuid, agent_id } = call.acknowledge_operation_status;
      return uuidProblem(uuid) ?? (agent_id ? undefined : "Expecting 'agent_id' to be present");
    }
    case 'UPDATE_FRAMEWORK':
      return call.update_framework.framework_info.id?.value === frameworkId
        ? undefined
        : "'framework_id' differs from 'update_framework.framework_info.id'";
    default:
      return undefined;
  }
};

const uuidProblem = (uuid: string): string | undefined =>
  Buffer.from(uuid, 'base64').length === UUID_BYTES ? undefined : 'Not a valid UUID';
