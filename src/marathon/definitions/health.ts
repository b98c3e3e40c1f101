export type HealthCheckProtocol =
  | 'HTTP'
  | 'HTTPS'
  | 'TCP'
  | 'MESOS_HTTP'
  | 'MESOS_HTTPS'
  | 'MESOS_TCP'
  | 'COMMAND';

/** A health check of an app (marathon.md 2.7). All times in seconds. */
export interface HealthCheck {
  readonly protocol: HealthCheckProtocol;
  /** HTTP kinds only, and then always. */
  readonly path?: string;
  /** Excludes portIndex. */
  readonly port?: number;
  /** An index into portDefinitions or portMappings. */
  readonly portIndex?: number;
  /** COMMAND only, and then always. */
  readonly command?: { readonly value: string };
  readonly gracePeriodSeconds: number;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly maxConsecutiveFailures: number;
  readonly delaySeconds: number;
  readonly ignoreHttp1xx: boolean;
  readonly ipProtocol: 'IPv4' | 'IPv6';
}

/** Whether the agent's executor performs the check rather than Marathon. */
export const isMesosHealthCheck = ({ protocol }: Pick<HealthCheck, 'protocol'>): boolean =>
  protocol === 'COMMAND' || protocol.startsWith('MESOS_');

export type CheckCommand =
  | { readonly command: { readonly shell: string } }
  | { readonly command: { readonly argv: readonly string[] } };

/** What is watched without anything being done about it: exactly one of http, tcp, exec. */
export interface Check {
  readonly http?: {
    readonly port?: number;
    readonly portIndex?: number;
    readonly path?: string;
    readonly scheme: 'HTTP' | 'HTTPS';
  };
  readonly tcp?: { readonly port?: number; readonly portIndex?: number };
  readonly exec?: CheckCommand;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly delaySeconds: number;
}

/** Whether a new instance may be used; asked only during a deployment. */
export interface ReadinessCheck {
  readonly name: string;
  readonly protocol: 'HTTP' | 'HTTPS';
  readonly path: string;
  /** The name of a port definition or mapping. */
  readonly portName: string;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly httpStatusCodesForReady: readonly number[];
  readonly preserveLastResponse: boolean;
}
