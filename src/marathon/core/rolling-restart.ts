/** Numbers of an app's instances while it is restarted. `old` have another configuration than `current` ones. */
export interface RestartSituation {
  /** How many there are to be in the end. */
  readonly instances: number;
  readonly minimumHealthCapacity: number;
  readonly maximumOverCapacity: number;
  readonly isResident: boolean;
  /** Goal Running. */
  readonly old: number;
  readonly oldReady: number;
  readonly current: number;
  readonly currentReady: number;
  /** Being ended, so that they still take up room. */
  readonly ending: number;
  /** Of a canary or blue-green upgrade that is not over yet. */
  readonly stage?: {
    /** So many new instances there may be. */
    readonly target: number;
    /** So many old ones have to stay; those that are lost are replaced. */
    readonly keepOld: number;
  };
}

export interface RestartDecision {
  /** Old instances to end now; those that are not ready must go first. */
  readonly kill: number;
  /** New instances to end now, because there are more than there should be. */
  readonly killCurrent: number;
  /** New instances to start now. */
  readonly start: number;
  /** Old instances to start now, in the place of lost ones. */
  readonly startOld: number;
  readonly isDone: boolean;
}

/**
 * One look at a rolling restart (marathon.md 3.5). It is decided from what is there, never from what was done before, so
 * that it goes on after a crash of Marathon or of instances:
 *
 *   minHealthy  = ceil(instances * minimumHealthCapacity)            how many must stay ready
 *   maxCapacity = floor(instances * (1 + maximumOverCapacity))       how many there may be at once
 *
 * If both are the same nothing could ever happen: residents may then go one below, others one above. Old instances are
 * ended as far as enough ready ones are left, and one for each new instance that is ready. When there is no room for a
 * new one, old ones that are not ready make it; ending those takes nothing from anybody. A stage of a canary or
 * blue-green upgrade bounds both further, and never ends.
 */
export const decideRestart = (situation: RestartSituation): RestartDecision => {
  const { instances, old, oldReady, current, currentReady, ending, isResident, stage } = situation;
  let minHealthy = Math.ceil(instances * situation.minimumHealthCapacity);
  let maxCapacity = Math.floor(instances * (1 + situation.maximumOverCapacity));
  if (minHealthy === maxCapacity) {
    if (isResident) minHealthy -= 1;
    else maxCapacity += 1;
  }
  const spareReady = Math.max(0, oldReady + currentReady - Math.max(0, minHealthy));
  const superseded = old - (instances - currentReady);
  const mayKill = Math.max(0, old - (stage?.keepOld ?? 0));
  const kill = Math.min(mayKill, Math.max(spareReady, superseded, 0));

  const missing = Math.max(0, Math.min(instances, stage?.target ?? instances) - current);
  const room = maxCapacity - (old + ending + current);
  const oldUnready = old - oldReady;
  const blocked = missing > 0 && room < 1 && kill === 0 && ending === 0;
  const makingRoom = blocked ? Math.min(oldUnready, missing, 1 - room, mayKill) : 0;
  const startOld = Math.min(Math.max(0, (stage?.keepOld ?? 0) - old), Math.max(0, room));

  return {
    kill: kill + makingRoom,
    killCurrent: Math.max(0, current - instances),
    start: Math.min(missing, Math.max(0, room - startOld)),
    startOld,
    isDone:
      stage === undefined && old === 0 && ending === 0 && current === instances && currentReady >= instances,
  };
};
