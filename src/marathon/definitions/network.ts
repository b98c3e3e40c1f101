export type NetworkMode = 'host' | 'container' | 'container/bridge';

/** Only `container` networks have a name, and always have one (marathon.md 2.4). */
export interface Network {
  readonly mode: NetworkMode;
  readonly name?: string;
  readonly labels: Readonly<Record<string, string>>;
}

export type PortProtocol = 'tcp' | 'udp' | 'udp,tcp';

/** A port of an app with host networking. `port` is its service port, and with requirePorts its host port too. */
export interface PortDefinition {
  readonly port: number;
  readonly protocol: PortProtocol;
  readonly name?: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A port of an app with another network. */
export interface PortMapping {
  /** 0: the same number as the host port that is assigned. */
  readonly containerPort: number;
  /** 0: any from the offer; undefined: the port is not mapped to the host at all. */
  readonly hostPort?: number;
  readonly servicePort: number;
  readonly protocol: PortProtocol;
  readonly name?: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The container networks that it is for; empty: all. */
  readonly networkNames: readonly string[];
}
