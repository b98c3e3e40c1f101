/** What is known of a bundle, as DC/OS's diagnostics API tells it (cli.md 11). */
export interface Bundle {
  /** A version 4 UUID, made by who asked for it. */
  readonly id: string;
  readonly type: 'Cluster';
  readonly status: BundleStatus;
  /** In bytes; 0 until it is done. */
  readonly size: number;
  /** ISO 8601. */
  readonly started_at: string;
  readonly stopped_at?: string;
  /** What could not be collected, or why nothing was. */
  readonly errors?: readonly string[];
}

export type BundleStatus = 'InProgress' | 'Done' | 'Canceled' | 'Deleted' | 'Failed';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

export const isBundleId = (text: string): boolean => UUID.test(text);
