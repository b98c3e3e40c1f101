/** A part of the control plane, as the health API tells of it. */
export interface Unit {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** 0 is healthy. */
  readonly health: number;
  /** What is wrong. */
  readonly output?: string;
}
