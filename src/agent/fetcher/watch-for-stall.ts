import type { Clock, Timer } from '../../runtime/clock.ts';

/** Looks whether something comes, and calls out once nothing has come for too long. */
export interface StallWatch {
  sawBytes(): void;
  isStalled(): boolean;
  stop(): void;
}

export const watchForStall = (options: {
  clock: Clock;
  stallTimeoutMs: number;
  onStall: () => void;
}): StallWatch => {
  const { clock, stallTimeoutMs, onStall } = options;
  let isMoving = false;
  let isStalled = false;
  let timer: Timer;
  const look = (): void => {
    isMoving = false;
    timer = clock.setTimer(stallTimeoutMs, () => {
      if (isMoving) return look();
      isStalled = true;
      onStall();
    });
  };
  look();
  return {
    sawBytes: () => {
      isMoving = true;
    },
    isStalled: () => isStalled,
    stop: () => timer.cancel(),
  };
};
