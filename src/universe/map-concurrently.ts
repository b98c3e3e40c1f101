/**
 * Does work for each item, at most so many at once; the results are in the items' order. Rejects with the first error,
 * after which no more is begun.
 */
export const mapConcurrently = async <Item, Result>(
  items: readonly Item[],
  most: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> => {
  const results: Result[] = [];
  const queue = items.entries();
  let isFailed = false;
  const runner = async (): Promise<void> => {
    for (const [index, item] of queue) {
      if (isFailed) return;
      results[index] = await work(item);
    }
  };
  const runners = Array.from({ length: Math.min(most, items.length) }, () =>
    runner().catch((error: unknown) => {
      isFailed = true;
      throw error;
    }),
  );
  await Promise.all(runners);
  return results;
};
