import type { ValueRange } from '../../../mesos/generated/mesos.ts';
import type { Random } from '../../../runtime/random.ts';
import { portsOf } from '../../definitions/app-facts.ts';
import { isPod, type RunSpec } from '../../definitions/run-spec.ts';

/** A host port that an app asks for: a certain one, or any. */
export type PortRequest = number | 'any';

/** The host ports that an instance needs, in the order of the definition; ports without a host port are left out. */
export const portRequestsOf = (spec: RunSpec): PortRequest[] =>
  isPod(spec)
    ? spec.containers.flatMap(({ endpoints }) => endpoints.flatMap(mappedPort))
    : portsOf(spec).flatMap((port): PortRequest[] => {
        if ('containerPort' in port) return mappedPort(port);
        return [spec.requirePorts && port.port !== 0 ? port.port : 'any'];
      });

const mappedPort = ({ hostPort }: { readonly hostPort?: number }): PortRequest[] =>
  hostPort === undefined ? [] : [hostPort === 0 ? 'any' : hostPort];

export type PickedPorts =
  | { readonly isEnough: true; readonly ports: readonly number[] }
  /** The certain ports that are not offered; none of them if there are too few in all. */
  | { readonly isEnough: false; readonly missing: readonly number[] };

/**
 * Chooses host ports from what is offered (marathon.md 2.4). Free ones are consecutive from a random start on, so that a
 * port that was just given back is not the next to be used.
 */
export const pickPorts = (
  requests: readonly PortRequest[],
  ranges: readonly ValueRange[],
  random: Random,
): PickedPorts => {
  if (requests.length === 0) return { isEnough: true, ports: [] };
  const certain = requests.filter((request): request is number => request !== 'any');
  const missing = certain.filter((port) => !ranges.some(({ begin, end }) => begin <= port && port <= end));
  const sizes = ranges.map(({ begin, end }) => end - begin + 1);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (missing.length > 0 || total < requests.length) return { isEnough: false, missing };

  const used = new Set(certain);
  let position = Math.floor(random.next() * total);
  const nextFree = (): number => {
    for (;;) {
      const port = portAt(ranges, sizes, position);
      position = (position + 1) % total;
      if (used.has(port)) continue;
      used.add(port);
      return port;
    }
  };
  return { isEnough: true, ports: requests.map((request) => (request === 'any' ? nextFree() : request)) };
};

/** The n-th of all ports in the ranges. */
const portAt = (ranges: readonly ValueRange[], sizes: readonly number[], position: number): number => {
  let left = position;
  for (const [index, range] of ranges.entries()) {
    const size = sizes[index] ?? 0;
    if (left < size) return range.begin + left;
    left -= size;
  }
  throw new Error(`There is no port ${position} in the offered ranges`);
};
