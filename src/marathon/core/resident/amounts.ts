import type { Resource } from '../../../mesos/generated/mesos.ts';

/** How much of each resource, by its name, in thousandths. A port counts as one, a volume as the disk that it is made of. */
export type Amounts = Readonly<Record<string, number>>;

export const amountsOf = (resources: readonly Resource[]): Amounts =>
  resources.map(amountOf).reduce(plus, {});

const amountOf = ({ name, scalar, ranges }: Resource): Amounts => {
  const ports = (ranges?.range ?? []).reduce((sum, { begin, end }) => sum + end - begin + 1, 0);
  return { [name]: Math.round((scalar?.value ?? 0) * 1000) + ports * 1000 };
};

export const plus = (one: Amounts, other: Amounts): Amounts => {
  const sum: Record<string, number> = { ...one };
  for (const [name, amount] of Object.entries(other)) sum[name] = (sum[name] ?? 0) + amount;
  return sum;
};

/** What is left; nothing is ever less than nothing. */
export const minus = (whole: Amounts, part: Amounts): Amounts =>
  Object.fromEntries(
    Object.entries(whole).flatMap(([name, amount]) => {
      const left = amount - (part[name] ?? 0);
      return left > 0 ? [[name, left]] : [];
    }),
  );

export const isNothing = (amounts: Amounts): boolean =>
  Object.values(amounts).every((amount) => amount === 0);
