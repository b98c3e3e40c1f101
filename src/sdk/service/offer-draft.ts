import type { Offer, OfferOperation, Resource } from '../../mesos/generated/mesos.ts';
import { subtractResources } from '../../mesos/resources/arithmetic.ts';
import { scalarOf } from '../../mesos/resources/traits.ts';
import {
  asVolume,
  isPlain,
  isReservedFor,
  isVolumeAt,
  PORT_LABEL,
  type Reserver,
  reservationLabel,
  reservedFor,
} from './reservation.ts';

/** Amounts by name of a scalar resource: cpus, mem (MiB). */
export type Amounts = Readonly<Record<'cpus' | 'mem', number>>;

/** Why an offer does not do. */
export class Unfit extends Error {}

/**
 * An answer to an offer in the making: what is left of it, and what is done with the rest. All changes of one draft are
 * made or none: work on a copy, and keep it when nothing was thrown.
 */
export class OfferDraft {
  readonly offer: Offer;
  readonly #reserver: Reserver;
  #remaining: readonly Resource[];
  #reserved: Resource[] = [];
  #created: Resource[] = [];
  readonly operations: OfferOperation[] = [];

  constructor(offer: Offer, reserver: Reserver) {
    this.offer = offer;
    this.#reserver = reserver;
    this.#remaining = offer.resources ?? [];
  }

  copy(): OfferDraft {
    const copy = new OfferDraft(this.offer, this.#reserver);
    copy.#remaining = this.#remaining;
    copy.#reserved = [...this.#reserved];
    copy.#created = [...this.#created];
    copy.operations.push(...this.operations);
    return copy;
  }

  /** What of the offer is reserved for an instance, its volumes included. */
  heldBy(instance: string): Resource[] {
    return this.#remaining.filter((resource) => isReservedFor(resource, this.#reserver.service, instance));
  }

  /** Sees to it that so much is reserved for the instance, and reserves what is missing. Throws Unfit. */
  ensureScalars(instance: string, amounts: Amounts): void {
    for (const [name, amount] of Object.entries(amounts)) {
      const held = scalarOf(this.#pool(instance, name), name);
      const missing = roundToThousandths(amount - held);
      if (missing > 0) this.#reserve(this.#plainScalar(name, missing), { instance });
    }
  }

  /** The instance's port of that key; one that is not reserved yet is. Throws Unfit. */
  ensurePort(
    instance: string,
    { key, wanted, chosen }: { key: string; wanted: number | undefined; chosen: (ports: PortPool) => number },
  ): number {
    const held = this.heldBy(instance).find((resource) => reservationLabel(resource, PORT_LABEL) === key);
    const [range] = held?.ranges?.range ?? [];
    if (range) return range.begin;
    const pool = new PortPool(
      this.#remaining.filter((resource) => resource.name === 'ports' && isPlain(resource)),
    );
    if (wanted !== undefined && !pool.has(wanted)) throw new Unfit(`port ${wanted} is not offered`);
    const port = wanted ?? chosen(pool);
    this.#reserve(this.#portsOf(port), { instance, port: key });
    return port;
  }

  /** Sees to it that the instance has a volume there. Throws Unfit. */
  ensureVolume(instance: string, { path, sizeMiB, id }: { path: string; sizeMiB: number; id: string }): void {
    if (this.heldBy(instance).some((resource) => isVolumeAt(resource, path))) return;
    const disk = this.#reserve(this.#plainScalar('disk', sizeMiB), { instance });
    const volume = asVolume(disk, { id, path, principal: this.#reserver.principal });
    this.#take([disk]);
    this.#remaining = [...this.#remaining, volume];
    this.#created.push(volume);
  }

  /** Takes resources of the instance's for a task. Throws Unfit when they are not there. */
  takeForTask(
    instance: string,
    need: { amounts: Amounts; ports: readonly string[]; volumes: readonly string[] },
  ): Resource[] {
    const taken: Resource[] = [];
    for (const [name, amount] of Object.entries(need.amounts))
      taken.push(...this.#pieces(instance, name, amount));
    const held = this.heldBy(instance);
    for (const key of need.ports) {
      const port = held.find((resource) => reservationLabel(resource, PORT_LABEL) === key);
      if (!port) throw new Unfit(`the port ${key} is not offered`);
      taken.push(port);
    }
    for (const path of need.volumes) {
      const volume = held.find((resource) => isVolumeAt(resource, path));
      if (!volume) throw new Unfit(`the volume ${path} is not offered`);
      taken.push(volume);
    }
    this.#take(taken);
    return taken;
  }

  /** Notes the operations that what was ensured takes, and then this one. */
  operate(operation: OfferOperation): void {
    if (this.#reserved.length > 0)
      this.operations.push({ type: 'RESERVE', reserve: { resources: this.#reserved } });
    if (this.#created.length > 0)
      this.operations.push({ type: 'CREATE', create: { volumes: this.#created } });
    this.#reserved = [];
    this.#created = [];
    this.operations.push(operation);
  }

  /** Reserved scalars of the instance that are not volumes. */
  #pool(instance: string, name: string): Resource[] {
    return this.heldBy(instance).filter((resource) => resource.name === name && resource.disk === undefined);
  }

  /** So much of the instance's pool, which may lie there in several pieces. */
  #pieces(instance: string, name: string, amount: number): Resource[] {
    let missing = amount;
    const pieces: Resource[] = [];
    for (const resource of this.#pool(instance, name)) {
      const value = Math.min(missing, resource.scalar?.value ?? 0);
      if (value <= 0) continue;
      pieces.push({ ...resource, scalar: { value } });
      missing = roundToThousandths(missing - value);
    }
    if (missing > 0) throw new Unfit(`${missing} more ${name} are needed`);
    return pieces;
  }

  #plainScalar(name: string, value: number): Resource {
    const source = this.#remaining.find((resource) => resource.name === name && isPlain(resource));
    const offered = source?.scalar?.value ?? 0;
    if (!source || offered < value) throw new Unfit(`${value} ${name} are needed, ${offered} are offered`);
    return { ...source, scalar: { value } };
  }

  #portsOf(port: number): Resource {
    const source = this.#remaining.find(
      (resource) => resource.name === 'ports' && isPlain(resource) && new PortPool([resource]).has(port),
    );
    if (!source) throw new Unfit(`port ${port} is not offered`);
    return { ...source, ranges: { range: [{ begin: port, end: port }] } };
  }

  #reserve(plain: Resource, what: { instance: string; port?: string }): Resource {
    this.#take([plain]);
    const reserved = reservedFor(this.#reserver, plain, what);
    this.#remaining = [...this.#remaining, reserved];
    this.#reserved.push(reserved);
    return reserved;
  }

  #take(resources: readonly Resource[]): void {
    const left = subtractResources(this.#remaining, resources);
    if (!left) throw new Unfit('the offer does not hold what was found in it');
    this.#remaining = left;
  }
}

/** Ports that can be had. */
export class PortPool {
  readonly #ranges: readonly { begin: number; end: number }[];

  constructor(resources: readonly Resource[]) {
    this.#ranges = resources.flatMap(({ ranges }) => ranges?.range ?? []);
  }

  has(port: number): boolean {
    return this.#ranges.some(({ begin, end }) => begin <= port && port <= end);
  }

  /** The port at a fraction, from 0 (included) to 1 (excluded), of all. Throws Unfit when there is none. */
  at(fraction: number): number {
    let index = Math.floor(fraction * this.#ranges.reduce((sum, { begin, end }) => sum + end - begin + 1, 0));
    for (const { begin, end } of this.#ranges) {
      if (index <= end - begin) return begin + index;
      index -= end - begin + 1;
    }
    throw new Unfit('no port is offered');
  }
}

const roundToThousandths = (value: number): number => Math.round(value * 1000) / 1000;
