import https from 'node:https';

/** How a server of the own cluster is spoken to. */
export interface Peer {
  /** The certificate authority to trust there, in PEM; no other counts. */
  readonly ca?: string | undefined;
  /** The Authorization header of requests that have none; asked anew for each. */
  readonly authorization?: (() => string | undefined) | undefined;
}

interface KnownPeer extends Peer {
  readonly agent: https.Agent | undefined;
}

/** By origin. As many as this process was told of when it started. */
const peers = new Map<string, KnownPeer>();

/**
 * Makes a server known: every request of this process to its origin is sent as said here, whoever sends it, and none to
 * any other. So a secret goes where it belongs, and redirects cannot lead it astray.
 */
export const introducePeer = (url: string, peer: Peer): void => {
  const agent =
    peer.ca === undefined ? undefined : new https.Agent({ keepAlive: true, maxSockets: 64, ca: peer.ca });
  peers.set(new URL(url).origin, { ...peer, agent });
};

export const peerAt = ({ origin }: URL): KnownPeer | undefined => peers.get(origin);
