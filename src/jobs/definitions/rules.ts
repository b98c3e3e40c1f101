import type { JobDefinition, PlacementConstraint, RunDefinition } from './job.ts';
import type { Violation } from './violation.ts';

/** What a job's form allows and makes no sense. */
export const jobViolations = ({ id, run, dependencies }: JobDefinition): readonly Violation[] => [
  ...commandViolations(run),
  ...placementViolations(run.placement.constraints, '/run/placement'),
  ...secretViolations(run),
  ...volumeViolations(run),
  ...networkViolations(run),
  ...dependencies.flatMap((dependency, index) =>
    dependency.id === id ? [{ path: `/dependencies/${index}/id`, message: 'is the job itself' }] : [],
  ),
];

const commandViolations = ({ cmd, args, docker, ucr }: RunDefinition): Violation[] => {
  const violations: Violation[] = [];
  if (cmd !== undefined && args !== undefined) {
    violations.push({ path: '/run', message: 'has both cmd and args, expected one of them' });
  }
  if (docker && ucr)
    violations.push({ path: '/run', message: 'has both docker and ucr, expected one of them' });
  if (cmd === undefined && !args?.length && !docker && !ucr) {
    violations.push({ path: '/run', message: 'has nothing to run, expected cmd, args, docker or ucr' });
  }
  if (ucr?.image.kind === 'appc') {
    violations.push({
      path: '/run/ucr/image/kind',
      message: 'is appc, expected docker: no others are run here',
    });
  }
  return violations;
};

/** Patterns are found out here, not when offers are looked at. */
export const placementViolations = (constraints: readonly PlacementConstraint[], path: string): Violation[] =>
  constraints.flatMap(({ operator, value }, index) =>
    operator === 'IS' || isPattern(value)
      ? []
      : [{ path: `${path}/constraints/${index}/value`, message: `'${value}' is no regular expression` }],
  );

const isPattern = (text: string): boolean => {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
};

const secretViolations = ({ env, volumes, secrets }: RunDefinition): Violation[] => {
  const used = [
    ...Object.entries(env).flatMap(([name, value]) =>
      typeof value === 'string' ? [] : [{ path: `/run/env/${name}`, secret: value.secret }],
    ),
    ...volumes.flatMap(({ secret }, index) =>
      secret === undefined ? [] : [{ path: `/run/volumes/${index}/secret`, secret }],
    ),
  ];
  return used
    .filter(({ secret }) => !Object.hasOwn(secrets, secret))
    .map(({ path, secret }) => ({ path, message: `'${secret}' is none of the secrets of the job` }));
};

const volumeViolations = ({ volumes }: RunDefinition): Violation[] =>
  volumes.flatMap(({ hostPath, secret }, index) =>
    (hostPath === undefined) === (secret === undefined)
      ? [{ path: `/run/volumes/${index}`, message: 'expected one of hostPath and secret' }]
      : [],
  );

const networkViolations = ({ networks = [] }: RunDefinition): Violation[] =>
  networks.flatMap(({ mode, name }, index) =>
    (mode === 'container') === (name !== undefined)
      ? []
      : [{ path: `/run/networks/${index}/name`, message: 'belongs to the mode container, and to no other' }],
  );
