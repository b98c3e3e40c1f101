/** Where and how HAProxy listens. */
export interface ListenSettings {
  /** An IP address, or `*`. */
  readonly bindAddress: string;
  readonly httpPort: number;
  readonly httpsPort: number;
  /** Where apps are told apart by the header X-Marathon-App-Id. */
  readonly appIdPort?: number | undefined;
  /** PEM files or folders of them; without one nothing listens at the port for HTTPS. */
  readonly certificates: readonly string[];
  /** Connections at a time; by itself HAProxy takes as many as it may have files. */
  readonly maxConnections?: number | undefined;
  /** For how long a replaced process may finish its connections. */
  readonly drainSeconds: number;
}

/** Of frontends by HTTP: after a reload a connection that is kept alive is answered once more before it is closed. */
export const KEPT_ALIVE = '  option idle-close-on-response\n';
