import { describeRefusals, type Refusal } from '../describe-refusals.ts';
import { podViolationsOf } from './accept-pod.ts';

export type Fields = Readonly<Record<string, unknown>>;

export const exec = { command: { shell: 'sleep 1' } };
export const one = { name: 'one', exec };
export const two = { name: 'two', exec };
/** A pod with one container that has these fields beside. */
export const pod = (container: Fields = {}, fields: Fields = {}): Fields => ({
  id: '/p',
  containers: [{ ...one, ...container }],
  ...fields,
});
export const bridge = { networks: [{ mode: 'container/bridge' }] };
export const twoNetworks = {
  networks: [
    { mode: 'container', name: 'a' },
    { mode: 'container', name: 'b' },
  ],
};
export const endpoints = (...list: readonly Fields[]): Fields => ({ endpoints: list });
export const http = { name: 'http', hostPort: 0 };
export const persistent = (fields: Fields = {}): Fields => ({
  volumes: [{ name: 'keep', persistent: { size: 10, ...fields } }],
});
export const keep = { volumeMounts: [{ name: 'keep', mountPath: 'keep' }] };
export const resident = (fields: Fields = {}): Fields =>
  pod(keep, { id: '/prod/p', role: 'prod', ...persistent(), ...fields });
export const placement = (fields: Fields): Fields => pod({}, { scheduling: { placement: fields } });
export const constraint = (fields: Fields): Fields =>
  placement({ constraints: [{ fieldName: 'hostname', ...fields }] });
export const check = (fields: Fields): Fields => pod({ ...endpoints(http), healthCheck: fields });
export const secrets = { secrets: { token: { source: '/token' } } };

/** A test for each refusal, by what it is about. */
export const describePodRefusals = (refusals: Readonly<Record<string, readonly Refusal[]>>): void =>
  describeRefusals(refusals, { kind: 'a pod', find: podViolationsOf });
