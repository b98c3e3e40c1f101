/** What scrolls must be able to have the focus (WCAG 2.1.1): not all browsers scroll it by keys otherwise. */
export const REACHED_BY_KEYS = { tabIndex: 0 } as const;
