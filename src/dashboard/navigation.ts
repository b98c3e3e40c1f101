import { signal } from '@preact/signals';
import { hrefTo, type Route, readRoute } from './model/route.ts';

/** Where in the page one is. */
export const route = signal<Route>(readRoute(location.hash));

/** Whether somebody is asked for a name to go to. */
export const isJumping = signal(false);

addEventListener('hashchange', () => {
  route.value = readRoute(location.hash);
});

/** Keeps a choice (a filter, a tab) in the address, so that a link to it shows the same; no step to go back to. */
export const keepInAddress = (name: string, value: string): void => {
  const { parts, query } = route.value;
  history.replaceState(null, '', hrefTo(parts, { ...query, [name]: value }));
  route.value = readRoute(location.hash);
};

/** Leaves for another place. */
export const goTo = (parts: readonly string[]): void => {
  location.hash = hrefTo(parts);
};
