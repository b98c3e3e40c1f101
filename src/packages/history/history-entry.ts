/** How a service came to run as an entry of its history says. */
export type HistoryAction =
  | 'INSTALLED'
  | 'UPDATED'
  | 'ROLLED_BACK'
  /** It ran so when it was to be changed, and nobody had told this service: it was made or changed elsewhere. */
  | 'FOUND';

/** What a service ran as: all that is needed to run it so again, without any repository. */
export interface ServiceState {
  readonly packageName: string;
  readonly packageVersion: string;
  /** URI of the repository that the definition came from, without secrets. */
  readonly source: string;
  /** The labels that hold options and definition (reference 1.15), as they were. */
  readonly optionsLabel: string;
  readonly definitionLabel: string;
}

export interface HistoryEntry extends ServiceState {
  /** Counts up from 1 within the history of a service. */
  readonly id: number;
  readonly action: HistoryAction;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
}

export const isSameState = (one: ServiceState, other: ServiceState): boolean =>
  one.packageVersion === other.packageVersion &&
  one.packageName === other.packageName &&
  one.optionsLabel === other.optionsLabel &&
  one.definitionLabel === other.definitionLabel;
