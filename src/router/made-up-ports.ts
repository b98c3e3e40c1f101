import { createHash } from 'node:crypto';

/** The ports that may be made up, both ends included. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** Gives a port of an app a service port, the same one each time; undefined when all are given away. */
export type PortMaker = (appId: string, index: number) => number | undefined;

/**
 * Makes up service ports for apps on addresses of their own that name none (marathon.md 4.1). A port follows from the name of
 * its app, so that every router comes to the same one; two that come to the same go on to the next free one, in the order in
 * which they ask. Ports that `isTaken` are nobody's.
 */
export const createPortMaker = (
  { first, last }: PortRange,
  isTaken: (port: number) => boolean,
): PortMaker => {
  const count = last - first + 1;
  const given = new Set<number>();
  return (appId, index) => {
    const start = createHash('sha1').update(`${appId} ${index}`).digest().readUInt32BE(0) % count;
    for (let step = 0; step < count; step++) {
      const port = first + ((start + step) % count);
      if (given.has(port) || isTaken(port)) continue;
      given.add(port);
      return port;
    }
    return undefined;
  };
};
