import type { RunSpec } from '../definitions/run-spec.ts';
import { UnsupportedApp } from '../engine.ts';
import { LONGEST_ID } from './keys.ts';

/** Throws UnsupportedApp for the first app or pod that is well formed but could not be run. */
export const refuseUnsupported = (specs: readonly RunSpec[]): void => {
  for (const { id } of specs) {
    if (Buffer.byteLength(id) <= LONGEST_ID) continue;
    const message = `must not be longer than ${LONGEST_ID} bytes`;
    throw new UnsupportedApp({ appId: id, path: '/id', message });
  }
};
