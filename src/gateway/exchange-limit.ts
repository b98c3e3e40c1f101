import { HttpError } from '../http/http-error.ts';

/** Requests and upgraded connections under way at a time; each may be an endless stream. */
const MOST_EXCHANGES = 4_096;

/** Counts what is under way, so that a flood ends in clear refusals and not in exhausted memory. */
export class ExchangeLimit {
  #underWay = 0;
  readonly #most: number;

  constructor(most = MOST_EXCHANGES) {
    this.#most = most;
  }

  /** Under way now. */
  get count(): number {
    return this.#underWay;
  }

  /** Takes a place and gives the function that returns it. Throws HttpError 503 when none is left. */
  enter(): () => void {
    if (this.#underWay >= this.#most) {
      throw new HttpError(503, `The gateway serves ${this.#most} requests already`, {
        headers: { 'Retry-After': '1' },
      });
    }
    this.#underWay++;
    let isInside = true;
    return () => {
      if (isInside) this.#underWay--;
      isInside = false;
    };
  }
}
