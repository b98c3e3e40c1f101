import type { ServiceLabels } from './service-labels.ts';

/** Where a request may be sent: a port of a task. */
export interface Server {
  readonly taskId: string;
  readonly host: string;
  readonly port: number;
  /** Is on its way out: connections that it has go on, new ones go elsewhere. */
  readonly isDraining: boolean;
  /** The port that HAProxy's own check looks at, when it is another one. */
  readonly checkPort?: number;
}

/** How HAProxy itself looks after the servers of a route. */
export interface ServerCheck {
  readonly protocol: 'http' | 'tcp';
  readonly path: string;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  /** Failures in a row until a server counts as down. */
  readonly falls: number;
}

/** One port of an app, and the servers behind it. */
export interface Route {
  readonly appId: string;
  readonly index: number;
  /** As it is called in HAProxy's configuration and statistics: `app_id_10000`. */
  readonly name: string;
  /** The port that the router listens at. */
  readonly port: number;
  readonly mode: 'http' | 'tcp';
  readonly labels: ServiceLabels;
  readonly check?: ServerCheck;
  readonly servers: readonly Server[];
}

/** Something about an app that keeps it, or a part of it, from being routed. */
export interface RouteProblem {
  readonly appId: string;
  readonly message: string;
}
