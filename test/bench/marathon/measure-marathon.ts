import type { Figure } from '../figures.ts';
import { measureEvents } from './events.ts';
import { measureManyApps } from './many-apps.ts';
import { measureOneApp } from './one-app.ts';
import { measureRestarts } from './restarts.ts';

/** What Marathon costs: apps over its API, instances of one app, restarts, events. */
export const measureMarathon = async (): Promise<Figure[]> => [
  ...(await measureManyApps()),
  ...(await measureOneApp()),
  ...(await measureRestarts()),
  ...(await measureEvents()),
];
