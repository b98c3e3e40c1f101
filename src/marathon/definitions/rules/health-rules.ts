import type { AppDefinition } from '../app.ts';
import { portsOf } from '../app-facts.ts';
import { type Check, type CheckCommand, type HealthCheck, isMesosHealthCheck } from '../health.ts';
import type { Violation } from '../violation.ts';
import { type Rule, violationIf } from './rule.ts';

const PORT_INDEX =
  'Health check port indices must address an element of the ports array or container port mappings.';

/** Health checks, the check and readiness checks (marathon.md 2.7). */
export const healthRules: Rule = function* (app) {
  for (const [index, check] of app.healthChecks.entries()) {
    yield* healthCheckViolations(check, `/healthChecks(${index})`, app);
  }
  yield* violationIf(
    app.healthChecks.filter(isMesosHealthCheck).length > 1,
    '/healthChecks',
    'AppDefinition can contain at most one Mesos health check',
  );
  if (app.check) yield* checkViolations(app.check, app);
  yield* readinessViolations(app);
};

interface PortChoice {
  readonly port?: number;
  readonly portIndex?: number;
}

const healthCheckViolations = (check: HealthCheck, path: string, app: AppDefinition): Violation[] => {
  const isCommand = check.protocol === 'COMMAND';
  const mayBeIpv6 = app.container?.type === 'DOCKER' && check.protocol.startsWith('MESOS_');
  return [
    ...violationIf(isCommand && !check.command, `${path}/command`, 'not defined'),
    ...violationIf(
      !isCommand && check.command !== undefined,
      `${path}/command`,
      'is only allowed with the protocol COMMAND',
    ),
    ...(isCommand ? [] : portViolations(check, path, app)),
    ...violationIf(
      check.ipProtocol === 'IPv6' && !mayBeIpv6,
      `${path}/ipProtocol`,
      'IPv6 can only be used for container type DOCKER and Mesos http/https/tcp health checks',
    ),
  ];
};

const portViolations = ({ port, portIndex }: PortChoice, path: string, app: AppDefinition): Violation[] => {
  if (port !== undefined && portIndex !== undefined) {
    return [{ path, message: 'must not specify both port and portIndex' }];
  }
  const isAddressed = port !== undefined || (portIndex !== undefined && portIndex < portsOf(app).length);
  return violationIf(!isAddressed, path, PORT_INDEX);
};

const checkViolations = ({ http, tcp, exec }: Check, app: AppDefinition): Violation[] => {
  const kinds = [http, tcp, exec].filter((kind) => kind !== undefined).length;
  return [
    ...violationIf(
      app.container?.type === 'DOCKER',
      '/check',
      'AppDefinition must not use check with the Docker containerizer',
    ),
    ...violationIf(kinds !== 1, '/check', 'must have exactly one of http, tcp and exec'),
    ...(http ? portViolations(http, '/check/http', app) : []),
    ...(tcp ? portViolations(tcp, '/check/tcp', app) : []),
    ...(exec ? commandViolations(exec, '/check/exec') : []),
  ];
};

/** A command is for the shell or goes without one. */
export const commandViolations = ({ command }: CheckCommand, path: string): Violation[] => {
  const { shell, argv }: { shell?: string; argv?: readonly string[] } = command;
  return violationIf(
    (shell === undefined) === (argv === undefined),
    `${path}/command`,
    'must have exactly one of shell and argv',
  );
};

const readinessViolations = (app: AppDefinition): Violation[] => {
  const names = portsOf(app).map(({ name }) => name);
  return [
    ...violationIf(app.readinessChecks.length > 1, '/readinessChecks', 'may have at most 1 readiness check'),
    ...app.readinessChecks.flatMap(({ portName, timeoutSeconds, intervalSeconds }, index) => [
      ...violationIf(
        !names.includes(portName),
        `/readinessChecks(${index})/portName`,
        `No port definition reference for portName ${portName}`,
      ),
      ...violationIf(
        timeoutSeconds >= intervalSeconds,
        `/readinessChecks(${index})/timeoutSeconds`,
        'timeoutSeconds must be less than intervalSeconds',
      ),
    ]),
  ];
};
