import { commandViolations } from '../../rules/health-rules.ts';
import { violationIf } from '../../rules/rule.ts';
import type { Violation } from '../../violation.ts';
import type { PodCheck, PodContainer } from '../pod.ts';
import type { PodRule } from './pod-rule.ts';

/** Health checks and checks of containers (marathon.md 2.9). */
export const checkRules: PodRule = function* ({ containers }) {
  for (const [index, container] of containers.entries()) {
    for (const kind of ['healthCheck', 'check'] as const) {
      const check = container[kind];
      if (check) yield* checkViolations(check, container, `/containers(${index})/${kind}`);
    }
  }
};

const checkViolations = (check: PodCheck, { endpoints }: PodContainer, path: string): Violation[] => {
  const { http, tcp, exec, timeoutSeconds, intervalSeconds } = check;
  const kinds = [http, tcp, exec].filter((kind) => kind !== undefined).length;
  return [
    ...violationIf(kinds !== 1, path, 'must have exactly one of http, tcp and exec'),
    ...Object.entries({ http, tcp }).flatMap(([kind, asked]) =>
      violationIf(
        asked !== undefined && !endpoints.some(({ name }) => name === asked.endpoint),
        `${path}/${kind}/endpoint`,
        `${asked?.endpoint} is not the name of one of the container's endpoints`,
      ),
    ),
    ...(exec ? commandViolations(exec, `${path}/exec`) : []),
    ...violationIf(
      timeoutSeconds >= intervalSeconds,
      `${path}/timeoutSeconds`,
      'timeoutSeconds must be less than intervalSeconds',
    ),
  ];
};
