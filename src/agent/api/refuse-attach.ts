import { HttpError } from '../../http/http-error.ts';
import type { Call } from '../../mesos/generated/agent.ts';
import type { AgentState } from '../core/state.ts';

type Attachment = Extract<Call, { type: 'ATTACH_CONTAINER_INPUT' | 'ATTACH_CONTAINER_OUTPUT' }>;

/**
 * What becomes of attaching to a container whose output goes to files alone, as that of every container here does.
 * Clients compare the text with that of Mesos (mesos.md 3.8).
 */
export const refuseAttach = ({ runs, containers }: AgentState, call: Attachment): HttpError => {
  const invalid = (problem: string): HttpError =>
    new HttpError(400, `Failed to validate agent::Call: ${problem}`);
  const input = call.type === 'ATTACH_CONTAINER_INPUT';
  const field = input ? 'attach_container_input' : 'attach_container_output';
  const attachment: { type?: string; container_id?: { value: string } } | undefined = input
    ? call.attach_container_input
    : call.attach_container_output;
  if (attachment === undefined) return invalid(`Expecting '${field}' to be present`);
  if (input && attachment.type !== 'CONTAINER_ID') {
    return invalid("Expecting 'attach_container_input.type' to be CONTAINER_ID");
  }
  const id = attachment.container_id?.value;
  if (id === undefined) return invalid(`Expecting '${field}.container_id' to be present`);
  return containers.has(id) || runs.has(id)
    ? new HttpError(500, 'I/O switchboard server was disabled for this container')
    : new HttpError(404, `Container ${id} cannot be found`);
};
