import type { AppDefinition } from '../definitions/app.ts';
import { isResident } from '../definitions/app-facts.ts';
import { isExternalVolume } from '../definitions/container.ts';
import { UnsupportedApp } from '../engine.ts';
import { LONGEST_ID } from './keys.ts';

/** Throws UnsupportedApp for the first app that is well formed but could not be run. */
export const refuseUnsupported = (apps: readonly AppDefinition[]): void => {
  for (const app of apps) {
    const refuse = (path: string, message: string): never => {
      throw new UnsupportedApp({ appId: app.id, path, message });
    };
    if (Buffer.byteLength(app.id) > LONGEST_ID) refuse('/id', `must not be longer than ${LONGEST_ID} bytes`);
    if (isResident(app)) {
      refuse('/container/volumes', 'persistent volumes are not supported by this version of Plenum');
    }
    const volumes = app.container?.volumes ?? [];
    if (volumes.some((volume) => isExternalVolume(volume) && volume.external.provider === 'csi')) {
      refuse('/container/volumes', 'volumes of the provider csi are not supported by this version of Plenum');
    }
  }
};
