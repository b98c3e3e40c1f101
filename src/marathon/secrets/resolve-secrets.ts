import type { OfferOperation, Secret } from '../../mesos/generated/mesos.ts';
import type { SchedulerCall, SchedulerConnection } from '../../sdk/scheduler-connection.ts';
import { type SecretStore, secretPathOf } from './secret-store.ts';

/**
 * A connection whose launches carry the values of the secrets that they refer to: agents know no store of ours. Only here,
 * on the way to the master: Marathon's own state, its API, its events and its log hold nothing but the names. What is not
 * in the store is passed on as it is, for an agent that has a resolver of its own.
 */
export const withSecrets = (connection: SchedulerConnection, store: SecretStore): SchedulerConnection => ({
  get isConnected() {
    return connection.isConnected;
  },
  get frameworkId() {
    return connection.frameworkId;
  },
  call: (call) => connection.call(resolved(call, store)),
  close: () => connection.close(),
});

const resolved = (call: SchedulerCall, store: SecretStore): SchedulerCall => {
  if (call.type !== 'ACCEPT') return call;
  const operations = (call.accept.operations ?? []).map(
    (operation): OfferOperation =>
      operation.type === 'LAUNCH' || operation.type === 'LAUNCH_GROUP'
        ? valuesFor(operation, store)
        : operation,
  );
  return { ...call, accept: { ...call.accept, operations } };
};

/** The same thing with every reference to a known secret replaced by the secret; parts without any are kept as they are. */
const valuesFor = <Part>(part: Part, store: SecretStore): Part => {
  if (typeof part !== 'object' || part === null) return part;
  if (isReference(part)) return secretValue(part, store) as Part;
  if (Array.isArray(part)) {
    const items = part.map((item) => valuesFor(item, store));
    return items.some((item, index) => item !== part[index]) ? (items as Part) : part;
  }
  const entries = Object.entries(part);
  const values = entries.map(([, value]) => valuesFor(value, store));
  return values.some((value, index) => value !== entries[index]?.[1])
    ? (Object.fromEntries(entries.map(([key], index) => [key, values[index]])) as Part)
    : part;
};

const isReference = (part: object): part is Secret & { reference: { name: string } } =>
  'reference' in part &&
  'type' in part &&
  part.type === 'REFERENCE' &&
  typeof (part.reference as { name?: unknown } | undefined)?.name === 'string';

const secretValue = (secret: Secret & { reference: { name: string } }, store: SecretStore): Secret => {
  const value = store.get(secretPathOf(secret.reference.name));
  if (value === undefined) return secret;
  return { type: 'VALUE', value: { data: Buffer.from(value).toString('base64') } };
};
