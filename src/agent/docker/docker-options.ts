/** The container engine, and what becomes of its containers, by Mesos' names of flags (mesos.md B.2). */
export interface DockerOptions {
  /** Path of its unix socket. */
  readonly socket?: string;
  readonly removeDelayMs?: number;
  readonly killsOrphans?: boolean;
}

export const DEFAULT_SOCKET = '/var/run/docker.sock';
