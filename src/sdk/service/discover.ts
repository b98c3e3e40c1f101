import { request } from '../../http/client.ts';
import type { Resource } from '../../mesos/generated/mesos.ts';
import { type Clock, pause } from '../../runtime/clock.ts';
import { errorMessage } from '../../runtime/error-message.ts';
import type { Log } from '../../runtime/log.ts';
import {
  FRAMEWORK_LABEL,
  INSTANCE_LABEL,
  PORT_LABEL,
  reservationLabel,
  SERVICE_LABEL,
} from './reservation.ts';
import type { ServiceSpec } from './spec.ts';
import type { InstanceRecord } from './state.ts';

/** What a service that has lost its memory finds of its former life in the cluster. */
export interface Traces {
  /** Ids that it may have had, the likeliest first. */
  readonly frameworkIds: readonly string[];
  /** By instance name. */
  readonly instances: ReadonlyMap<string, InstanceRecord>;
}

/** The master's /frameworks and /slaves, as far as they are read here (mesos.md 3.9). */
export interface MasterReads {
  readonly frameworks: {
    readonly frameworks?: readonly KnownFramework[];
    readonly completed_frameworks?: readonly KnownFramework[];
  };
  readonly slaves: {
    readonly slaves?: readonly KnownSlave[];
    readonly recovered_slaves?: readonly unknown[];
  };
}

interface KnownFramework {
  readonly id: string;
  readonly name: string;
  readonly role?: string;
  readonly roles?: readonly string[];
}

interface KnownSlave {
  readonly id: string;
  readonly hostname: string;
  readonly attributes?: Readonly<Record<string, string | number>>;
  readonly reserved_resources_full?: Readonly<Record<string, readonly Resource[]>>;
}

const LOOK_EVERY_MS = 500;
/** An agent that was lost with the master is marked unreachable by then (mesos.md 4.3). */
const LONGEST_WAIT_MS = 75_000;
const MAX_REDIRECTS = 3;

/**
 * Reads in the cluster what the store should have said: the framework's id, where the instances have their places, their
 * ports. Waits for the master, and for agents that a restarted master still expects, because what they hold must not be
 * had twice.
 */
export const discover = async (options: {
  spec: ServiceSpec;
  masterUrls: readonly string[];
  clock: Clock;
  log: Log;
}): Promise<Traces> => {
  const { spec, masterUrls, clock, log } = options;
  let expectedSince: number | undefined;
  for (let attempt = 0; ; attempt++) {
    const masterUrl = masterUrls[attempt % masterUrls.length] ?? '';
    try {
      const reads = await readMaster(masterUrl);
      const expected = reads.slaves.recovered_slaves?.length ?? 0;
      expectedSince ??= clock.now();
      if (expected === 0 || clock.now() - expectedSince > LONGEST_WAIT_MS) return findTraces(spec, reads);
      log.info({ expected }, 'waiting for agents that the master expects');
    } catch (error) {
      log.warn({ master: masterUrl, error: errorMessage(error) }, 'the master cannot be read');
    }
    await pause(clock, LOOK_EVERY_MS);
  }
};

const readMaster = async (masterUrl: string): Promise<MasterReads> => {
  const read = async <T>(path: string): Promise<T> => {
    const { status, body } = await request({ url: `${masterUrl}${path}`, maxRedirects: MAX_REDIRECTS });
    if (status !== 200) throw new Error(`${path} answered ${status}: ${body.toString('utf8').slice(0, 200)}`);
    return JSON.parse(body.toString('utf8'));
  };
  return { frameworks: await read('/frameworks'), slaves: await read('/slaves') };
};

/** The traces in what the master tells. */
export const findTraces = ({ name, role }: ServiceSpec, { frameworks, slaves }: MasterReads): Traces => {
  const completed = new Set((frameworks.completed_frameworks ?? []).map(({ id }) => id));
  const known = (frameworks.frameworks ?? []).filter(
    (framework) => framework.name === name && (framework.roles ?? [framework.role]).includes(role),
  );
  const instances = new Map<string, InstanceRecord>();
  const labelled: string[] = [];
  for (const slave of slaves.slaves ?? []) {
    for (const resource of slave.reserved_resources_full?.[role] ?? []) {
      const instance = reservationLabel(resource, INSTANCE_LABEL);
      if (instance === undefined || reservationLabel(resource, SERVICE_LABEL) !== name) continue;
      labelled.push(reservationLabel(resource, FRAMEWORK_LABEL) ?? '');
      const record = instances.get(instance) ?? placeAt(slave);
      if (record.agentId === slave.id) instances.set(instance, withPort(record, resource));
    }
  }
  const ids = [...known.map(({ id }) => id), ...byFrequency(labelled)];
  return { frameworkIds: [...new Set(ids)].filter((id) => id !== '' && !completed.has(id)), instances };
};

const placeAt = ({ id, hostname, attributes = {} }: KnownSlave): InstanceRecord => ({
  agentId: id,
  hostname,
  attributes: Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, String(value)])),
  ports: {},
  isConfirmed: true,
});

const withPort = (record: InstanceRecord, resource: Resource): InstanceRecord => {
  const key = reservationLabel(resource, PORT_LABEL);
  const port = resource.ranges?.range?.[0]?.begin;
  return key === undefined || port === undefined
    ? record
    : { ...record, ports: { ...record.ports, [key]: port } };
};

const byFrequency = (values: readonly string[]): string[] => {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one).map(([value]) => value);
};
