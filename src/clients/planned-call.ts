/** A change as it would be sent. */
export interface PlannedRequest {
  readonly method: string;
  readonly url: string;
  /** Undefined when there is none, or when it is nobody's business. */
  readonly body?: string | undefined;
}

/** Changes that would have been sent, in their order, had it not been asked only what would be. */
export class PlannedCall extends Error {
  readonly requests: readonly [PlannedRequest, ...PlannedRequest[]];

  constructor(first: PlannedRequest, ...others: readonly PlannedRequest[]) {
    super(`${first.method} ${first.url} was planned only`);
    this.name = 'PlannedCall';
    this.requests = [first, ...others];
  }
}

/**
 * Makes changes one after another. What is only planned is told when all have been gone through: throws one PlannedCall
 * with all of them, so that none may need what another would be answered.
 */
export const changeEach = async <Item, Result>(
  items: Iterable<Item>,
  change: (item: Item) => Promise<Result>,
): Promise<Result[]> => {
  const results: Result[] = [];
  const planned: PlannedRequest[] = [];
  for (const item of items) {
    try {
      results.push(await change(item));
    } catch (error) {
      if (!(error instanceof PlannedCall)) throw error;
      planned.push(...error.requests);
    }
  }
  const [first, ...others] = planned;
  if (first !== undefined) throw new PlannedCall(first, ...others);
  return results;
};
