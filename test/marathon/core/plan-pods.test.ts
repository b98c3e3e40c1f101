import { describe, expect, it } from 'vitest';
import { planSteps } from '../../../src/marathon/core/planner.ts';
import {
  emptyRootGroup,
  putGroup,
  putRunSpecs,
  removeRunSpecs,
} from '../../../src/marathon/groups/root-group.ts';
import { stampVersions } from '../../../src/marathon/groups/stamp-versions.ts';
import { appOf } from './app-of.ts';
import { podOf } from './pod-of.ts';

const VERSIONS = ['2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z'] as const;
const pod = podOf({ id: '/db/store' });
const empty = emptyRootGroup();
const before = stampVersions(empty, putRunSpecs(empty, [pod]), VERSIONS[0]);

const planFor = (change: Partial<typeof pod>) => {
  const after = stampVersions(before, putRunSpecs(before, [{ ...pod, ...change }]), VERSIONS[1]);
  return { steps: planSteps({ before, after }), pod: after.pods.get(pod.id) };
};

describe('planning deployments of pods', () => {
  it('starts a new pod and then scales it', () => {
    expect(planSteps({ before: empty, after: before }).flatMap(({ actions }) => actions)).toEqual([
      { action: 'StartPod', pod: '/db/store' },
      { action: 'ScalePod', pod: '/db/store' },
    ]);
  });

  it('scales one of which only the number of instances changes', () => {
    const { steps, pod: scaled } = planFor({ instances: 3 });
    expect(steps).toEqual([{ actions: [{ action: 'ScalePod', pod: '/db/store' }] }]);
    expect(scaled?.versionInfo).toEqual({ lastScalingAt: VERSIONS[1], lastConfigChangeAt: VERSIONS[0] });
  });

  it('restarts one that is configured otherwise', () => {
    const { steps } = planFor({ environment: { LEVEL: 'debug' } });
    expect(steps).toEqual([{ actions: [{ action: 'RestartPod', pod: '/db/store' }] }]);
  });

  it('leaves instances alone when only their kill selection or unreachable strategy changes', () => {
    for (const change of [{ killSelection: 'OLDEST_FIRST' }, { unreachableStrategy: 'disabled' }] as const) {
      const { steps, pod: changed } = planFor(change);
      expect(steps).toEqual([]);
      expect(changed).toMatchObject({ ...change, version: VERSIONS[1] });
    }
  });

  it('stops one that is gone', () => {
    const after = removeRunSpecs(before, new Set([pod.id]));
    expect(planSteps({ before, after })).toEqual([{ actions: [{ action: 'StopPod', pod: '/db/store' }] }]);
  });

  it('waits with the apps of a group for the pods of a group that it depends on', () => {
    const web = putGroup(putRunSpecs(empty, [appOf({ id: '/web/front' }), pod]), {
      id: '/web',
      dependencies: ['/db'],
      version: VERSIONS[0],
    });
    const steps = planSteps({ before: empty, after: stampVersions(empty, web, VERSIONS[0]) });
    expect(steps.slice(1)).toEqual([
      { actions: [{ action: 'ScalePod', pod: '/db/store' }] },
      { actions: [{ action: 'ScaleApplication', app: '/web/front' }] },
    ]);
  });
});
