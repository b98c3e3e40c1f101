/** A service as its description says, complete and checked: what ServiceCore works with. */
export interface ServiceSpec {
  readonly name: string;
  readonly role: string;
  readonly principal: string | undefined;
  /** Runs the tasks. */
  readonly user: string;
  readonly failoverTimeoutSeconds: number;
  readonly pods: readonly PodSpec[];
  readonly plan: PlanSpec;
  /** Texts with references, by the name under which clients ask for them. */
  readonly endpoints: Readonly<Record<string, string>>;
}

export interface PodSpec {
  readonly name: string;
  readonly count: number;
  readonly placement: readonly PlacementConstraint[];
  readonly volumes: readonly VolumeSpec[];
  readonly tasks: readonly TaskSpec[];
}

export interface PlacementConstraint {
  /** hostname, or the name of an attribute. */
  readonly field: string;
  readonly operator: PlacementOperator;
  readonly value: string | undefined;
}

export const PLACEMENT_OPERATORS = [
  'UNIQUE',
  'CLUSTER',
  'GROUP_BY',
  'LIKE',
  'UNLIKE',
  'MAX_PER',
  'IS',
] as const;
export type PlacementOperator = (typeof PLACEMENT_OPERATORS)[number];

export interface VolumeSpec {
  /** In the sandbox. */
  readonly path: string;
  readonly sizeMiB: number;
}

export interface TaskSpec {
  readonly name: string;
  readonly goal: 'RUNNING' | 'ONCE';
  readonly command: string;
  /** What the task runs in; undefined is the agent's machine. */
  readonly image: string | undefined;
  readonly cpus: number;
  readonly memMiB: number;
  /** Paths of the pod's volumes. */
  readonly volumes: readonly string[];
  readonly ports: readonly PortSpec[];
  /** Values hold references. */
  readonly environment: Readonly<Record<string, string>>;
  readonly uris: readonly UriSpec[];
  readonly configs: readonly ConfigSpec[];
  readonly readiness: ReadinessSpec | undefined;
  readonly health: HealthSpec | undefined;
  readonly killGraceMs: number | undefined;
}

export interface PortSpec {
  readonly name: string;
  /** 0 takes any. */
  readonly port: number;
  readonly variable: string;
}

export interface UriSpec {
  readonly uri: string;
  readonly outputFile?: string;
  readonly extract?: boolean;
  readonly executable?: boolean;
  readonly cache?: boolean;
}

export interface ConfigSpec {
  /** With references. */
  readonly template: string;
  /** Path in the sandbox. */
  readonly destination: string;
}

export interface ProbeTimes {
  readonly delayMs: number;
  readonly intervalMs: number;
  readonly timeoutMs: number;
}

/** `command` is run by the agent, the others are asked by the scheduler. Ports by name. */
export type ReadinessSpec = ProbeTimes &
  (
    | { readonly type: 'command'; readonly command: string }
    | {
        readonly type: 'http';
        readonly port: string;
        readonly path: string;
        readonly body: string | undefined;
      }
    | { readonly type: 'tcp'; readonly port: string }
  );

export interface HealthSpec extends ProbeTimes {
  readonly command: string;
  readonly gracePeriodMs: number;
  readonly maxConsecutiveFailures: number;
}

export type StrategySpec = 'serial' | 'parallel';

/** rolling: what runs already is renewed in a serial way, then everything that is new comes at once. */
export type PhaseStrategySpec = StrategySpec | 'rolling';

export interface PlanSpec {
  readonly name: string;
  readonly strategy: StrategySpec;
  readonly phases: readonly PhaseSpec[];
}

export interface PhaseSpec {
  readonly name: string;
  readonly pod: string;
  readonly strategy: PhaseStrategySpec;
  /** Tasks of every instance, one after another. */
  readonly tasks: readonly string[];
}
