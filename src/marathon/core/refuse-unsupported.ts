import type { AppDefinition } from '../definitions/app.ts';
import { UnsupportedApp } from '../engine.ts';
import { LONGEST_ID } from './keys.ts';

/** Throws UnsupportedApp for the first app that is well formed but could not be run. */
export const refuseUnsupported = (apps: readonly AppDefinition[]): void => {
  for (const { id } of apps) {
    if (Buffer.byteLength(id) <= LONGEST_ID) continue;
    const message = `must not be longer than ${LONGEST_ID} bytes`;
    throw new UnsupportedApp({ appId: id, path: '/id', message });
  }
};
