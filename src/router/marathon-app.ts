/**
 * An app as Marathon shows it with `embed=apps.tasks`, as far as routing looks into it (marathon.md 4.1). Other people's
 * servers may leave anything out.
 */
export interface ShownApp {
  readonly id: string;
  readonly instances?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly networks?: readonly { readonly mode?: string }[];
  readonly container?: {
    readonly portMappings?: readonly PortMapping[] | null;
    readonly docker?: { readonly network?: string; readonly portMappings?: readonly PortMapping[] | null };
  } | null;
  readonly portDefinitions?: readonly { readonly port?: number }[];
  readonly ports?: readonly number[];
  readonly healthChecks?: readonly ShownHealthCheck[];
  readonly tasks?: readonly ShownTask[];
}

export interface PortMapping {
  readonly containerPort?: number;
  readonly servicePort?: number;
}

export interface ShownHealthCheck {
  readonly protocol?: string;
  readonly path?: string;
  readonly portIndex?: number;
  readonly port?: number;
  readonly intervalSeconds?: number;
  readonly timeoutSeconds?: number;
  readonly maxConsecutiveFailures?: number;
}

export interface ShownTask {
  readonly id: string;
  readonly host?: string;
  readonly state?: string;
  readonly ports?: readonly number[];
  readonly ipAddresses?: readonly { readonly ipAddress?: string }[];
  readonly healthCheckResults?: readonly { readonly alive?: boolean }[];
}

export type NetworkMode = 'host' | 'container/bridge' | 'container';

/** How its tasks are reached; old definitions say it in the container. */
export const networkModeOf = ({ networks, container }: ShownApp): NetworkMode => {
  const mode = networks?.at(-1)?.mode ?? LEGACY_MODES[container?.docker?.network?.toUpperCase() ?? ''];
  return mode === 'container' || mode === 'container/bridge' ? mode : 'host';
};

const LEGACY_MODES: Readonly<Record<string, NetworkMode>> = {
  BRIDGE: 'container/bridge',
  USER: 'container',
};

/** Ports of an app by position: the one that the router listens at, and the one inside of a container. */
export const portsOf = (app: ShownApp): readonly PortMapping[] => {
  if (networkModeOf(app) !== 'host') {
    return app.container?.portMappings ?? app.container?.docker?.portMappings ?? [];
  }
  return (app.portDefinitions?.map(({ port }) => port) ?? app.ports ?? []).map((servicePort) =>
    servicePort === undefined ? {} : { servicePort },
  );
};

/** The check whose port is the index-th: one with a port of its own goes first, as in marathon-lb. */
export const healthCheckOf = ({ healthChecks = [] }: ShownApp, index: number): ShownHealthCheck | undefined =>
  healthChecks.find(({ port }) => port !== undefined && port !== 0) ??
  healthChecks.find(({ portIndex }) => (portIndex ?? 0) === index);
