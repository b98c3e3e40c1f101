import type { Resource } from '../../mesos/generated/mesos.ts';

/** The amounts that the dashboard shows. Memory and disk in MiB. */
export interface Quantities {
  readonly cpus: number;
  readonly mem: number;
  readonly disk: number;
}

export const NOTHING: Quantities = { cpus: 0, mem: 0, disk: 0 };

/** Scalar amounts of a list of resources, whatever their roles and reservations. */
export const quantitiesOf = (resources: readonly Resource[] = []): Quantities => {
  const sums: Record<keyof Quantities, number> = { cpus: 0, mem: 0, disk: 0 };
  for (const { name, scalar } of resources) {
    if (scalar && (name === 'cpus' || name === 'mem' || name === 'disk')) sums[name] += scalar.value;
  }
  return sums;
};

export const plus = (left: Quantities, right: Quantities): Quantities => ({
  cpus: left.cpus + right.cpus,
  mem: left.mem + right.mem,
  disk: left.disk + right.disk,
});
