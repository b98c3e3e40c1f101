import type { AppDefinition } from '../app.ts';
import type { VolumeInput } from '../app-input.ts';
import type { DefinitionSettings } from '../definition-settings.ts';
import type { Violation } from '../violation.ts';
import { externalVolumeViolations } from './external-volume-rules.ts';
import { areUnique, isRegularExpression, type Rule, violationIf } from './rule.ts';

/** Host, persistent, external and secret volumes (marathon.md 2.3.1). */
export const volumeRules: Rule = function* (app, settings) {
  const volumes: readonly VolumeInput[] = app.container?.volumes ?? [];
  for (const [index, volume] of volumes.entries()) {
    yield* volumeViolations(volume, `/container/volumes(${index})`, app, settings);
  }
  const names = volumes.flatMap(({ external }) => external?.name ?? []);
  const unshared = volumes.flatMap(({ external }) =>
    external?.provider === 'dvdi' && external.shared !== true ? external.name : [],
  );
  for (const name of new Set(unshared.filter((one, index) => unshared.indexOf(one) !== index))) {
    const message = `Requested DVDI volume '${name}' is declared more than once within app ${app.id}`;
    yield { path: '/container/volumes', message };
  }
  yield* violationIf(!areUnique(names), '/container/volumes', 'Volume names must be unique');
};

const volumeViolations = (
  volume: VolumeInput,
  path: string,
  app: AppDefinition,
  settings: DefinitionSettings,
): Violation[] => {
  const { hostPath, persistent, external, secret, mode } = volume;
  const kinds = [hostPath, persistent, external, secret].filter((kind) => kind !== undefined).length;
  if (kinds !== 1) {
    const message = 'must have exactly one of hostPath, persistent, external and secret';
    return [{ path, message }];
  }
  return [
    ...violationIf(secret === undefined && mode === undefined, `${path}/mode`, 'error.path.missing'),
    ...(persistent
      ? [
          ...persistentPathViolations(volume.containerPath, `${path}/containerPath`),
          ...persistentViolations(persistent, `${path}/persistent`),
        ]
      : []),
    ...(external ? externalVolumeViolations({ external, path, app, settings }) : []),
    ...violationIf(
      secret !== undefined && !Object.hasOwn(app.secrets, secret),
      `${path}/secret`,
      'volume.secret must refer to an existing secret',
    ),
  ];
};

const persistentPathViolations = (containerPath: string, path: string): Violation[] => [
  ...violationIf(containerPath.includes('/'), path, 'value must not contain "/"'),
  ...violationIf(
    containerPath === '.' || containerPath === '..',
    path,
    `value must not be "${containerPath}"`,
  ),
];

/** The size and the disk of a persistent volume, of an app or of a pod. */
export const persistentViolations = (
  { type, size, maxSize, constraints = [] }: NonNullable<VolumeInput['persistent']>,
  path: string,
): Violation[] => [
  ...violationIf(
    maxSize !== undefined && type !== 'mount',
    `${path}/maxSize`,
    'Only mount volumes can have maxSize',
  ),
  ...violationIf(
    maxSize !== undefined && maxSize <= size,
    `${path}/maxSize`,
    'Max size must be larger than size',
  ),
  ...violationIf(
    type === 'root' && constraints.length > 0,
    `${path}/constraints`,
    'Constraints on root volumes are not supported',
  ),
  ...constraints.flatMap((constraint, index) =>
    violationIf(
      !isDiskConstraint(constraint),
      `${path}/constraints(${index})`,
      'must be ["path", "LIKE" or "UNLIKE", a regular expression]',
    ),
  ),
];

const isDiskConstraint = ([field, operator = '', value = '', ...more]: readonly string[]): boolean =>
  field === 'path' &&
  ['LIKE', 'UNLIKE'].includes(operator) &&
  value !== '' &&
  isRegularExpression(value) &&
  more.length === 0;
