import type { CanaryStep, Pause } from '../app.ts';
import type { RunSpec } from '../run-spec.ts';
import type { Violation } from '../violation.ts';
import { violationIf } from './rule.ts';

/** Canary and blue-green of apps and pods, at the path of their upgrade strategy. */
export const rolloutViolations = ({ upgradeStrategy }: RunSpec, path: string): Violation[] => {
  const { canary, blueGreen, maximumOverCapacity } = upgradeStrategy;
  const steps = canary?.steps ?? [];
  return [
    ...violationIf(canary !== undefined && blueGreen !== undefined, path, 'either canary or blueGreen'),
    ...(blueGreen ? pauseViolations(blueGreen, `${path}/blueGreen`) : []),
    ...violationIf(
      blueGreen !== undefined && maximumOverCapacity !== 1,
      `${path}/maximumOverCapacity`,
      `got ${maximumOverCapacity}, expected 1.0, since blueGreen has two sets at a time`,
    ),
    ...steps.flatMap((step, index) =>
      stepViolations(step, steps[index - 1], `${path}/canary/steps(${index})`),
    ),
  ];
};

const stepViolations = (step: CanaryStep, earlier: CanaryStep | undefined, path: string): Violation[] => [
  ...violationIf(
    (step.instances === undefined) === (step.percent === undefined),
    path,
    'either instances or percent',
  ),
  ...violationIf(
    isNoMore(step.instances, earlier?.instances) || isNoMore(step.percent, earlier?.percent),
    path,
    'must have more new instances than the step before it',
  ),
  ...pauseViolations(step, path),
];

const isNoMore = (now: number | undefined, before: number | undefined): boolean =>
  now !== undefined && before !== undefined && now <= before;

const pauseViolations = ({ pauseSeconds, untilContinued }: Pause, path: string): Violation[] =>
  violationIf(
    pauseSeconds !== undefined && untilContinued === true,
    path,
    'either pauseSeconds or untilContinued',
  );
