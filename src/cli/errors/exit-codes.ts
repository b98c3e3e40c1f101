/** How a command ended, and the exit code that tells scripts so. They are an interface: none is ever given another meaning. */
export const EXIT_CODES = {
  done: 0,
  failed: 1,
  usage: 2,
  'not-found': 3,
  conflict: 4,
  /** Refused by the cluster, or not logged in. */
  refused: 5,
  /** The cluster cannot be reached, or none was chosen. */
  'no-cluster': 6,
  'timed-out': 7,
  interrupted: 130,
} as const;

export type Outcome = keyof typeof EXIT_CODES;
