import { errorMessage } from '../../runtime/error-message.ts';
import { seededRandom } from '../../runtime/random.ts';
import { portsOf } from '../definitions/app-facts.ts';
import { isPod, type RunSpec } from '../definitions/run-spec.ts';
import { UnsupportedApp } from '../engine.ts';
import { LONGEST_ID } from './keys.ts';
import { buildLaunchGroup } from './pods/launch-group.ts';
import { buildTask } from './task/build-task.ts';

/** Throws UnsupportedApp for the first app or pod that is well formed but could not be run. */
export const refuseUnsupported = (specs: readonly RunSpec[]): void => {
  for (const spec of specs) {
    const { id } = spec;
    if (Buffer.byteLength(id) > LONGEST_ID) {
      const message = `must not be longer than ${LONGEST_ID} bytes`;
      throw new UnsupportedApp({ appId: id, path: '/id', message });
    }
    try {
      tryToBuild(spec);
    } catch (error) {
      const message = `nothing can be launched of it: ${errorMessage(error)}`;
      throw new UnsupportedApp({ appId: id, path: '/', message });
    }
  }
};

/**
 * Builds what the master would be told. The rules let nothing pass that this fails for, as far as anybody knows; but were
 * there a gap in them, Marathon would fail with every offer, and after each start again.
 */
const tryToBuild = (spec: RunSpec): void => {
  const facts = { agentId: '', hostname: '', resources: [], isRoleEnforced: false, bridgeName: '' };
  if (isPod(spec)) {
    buildLaunchGroup({ ...facts, pod: spec, task: { id: '', hostPorts: [] }, frameworkId: undefined });
    return;
  }
  const hostPorts = portsOf(spec).map(() => 0);
  buildTask({ ...facts, app: spec, taskId: '', hostPorts, envVarsPrefix: '', random: seededRandom(1) });
};
