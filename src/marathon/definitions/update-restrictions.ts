import { isDeepStrictEqual } from 'node:util';
import type { AppDefinition } from './app.ts';
import { isResident, portsOf, usesHostNetwork } from './app-facts.ts';
import { isPersistentVolume } from './container.ts';
import { violationIf } from './rules/rule.ts';
import type { RunSpec } from './run-spec.ts';
import type { Violation } from './violation.ts';

/** What must not change about an app whose instances are bound to reservations (marathon.md 2.10). */
export const restrictedChanges = (
  before: AppDefinition,
  after: AppDefinition,
  { force }: { force: boolean },
): Violation[] => {
  if (!isResident(before)) return [];
  const changed = (facts: (app: AppDefinition) => unknown): boolean =>
    !isDeepStrictEqual(facts(before), facts(after));
  return [
    ...violationIf(
      changed(({ container }) => container?.volumes.filter(isPersistentVolume)),
      '/container/volumes',
      'Persistent volumes can not be changed!',
    ),
    ...violationIf(
      changed(({ cpus, mem, disk, gpus }) => [cpus, mem, disk, gpus]),
      '/',
      frozen('resource requirements'),
    ),
    ...violationIf(changed(fixedPorts), '/', frozen('host ports')),
    ...roleChangeViolations(before, after, { force }),
  ];
};

/** What is reserved stays with the role that it was reserved for. */
export const roleChangeViolations = (
  before: RunSpec,
  after: RunSpec,
  { force }: { force: boolean },
): Violation[] =>
  violationIf(
    before.role !== after.role && !force,
    '/role',
    'It is not possible to change the role for existing reservations. If you proceed with this change, all existing instances will continue to be under the previous role; to do so, retry your request with ?force=true',
  );

const frozen = (what: string): string =>
  `Services with persistent volumes configured may not change ${what}. If you need to make this change, please create a new service.`;

const fixedPorts = (app: AppDefinition): unknown =>
  usesHostNetwork(app)
    ? [app.requirePorts, app.requirePorts && portsOf(app).map((port) => ('port' in port ? port.port : 0))]
    : [false, app.container?.portMappings?.map(({ hostPort }) => hostPort)];
