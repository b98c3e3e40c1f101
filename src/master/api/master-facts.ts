/** What the reads show of a master that is not part of its state. */
export interface MasterFacts {
  readonly clusterName?: string;
  /** The options in the words of Mesos' flags (mesos.md B.1). */
  readonly flags: Readonly<Record<string, string>>;
  readonly version: Readonly<{ version: string }>;
  /** Shown in /version beside that of Mesos. */
  readonly plenumVersion?: string;
}
