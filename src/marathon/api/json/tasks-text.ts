import type { AppDefinition } from '../../definitions/app.ts';
import { servicePortsOf } from '../../definitions/app-facts.ts';
import { safePath } from '../../definitions/path-id.ts';
import type { MarathonEngine } from '../../engine.ts';

/**
 * Where what runs can be reached, one line for each service port, for scripts that configure proxies (marathon.md 1.7):
 * app, service port and the addresses of all instances, with tabs between them.
 */
export const tasksText = (engine: MarathonEngine, apps: readonly AppDefinition[]): string =>
  [...apps]
    .sort((one, other) => (one.id < other.id ? -1 : 1))
    .flatMap((app) => linesOf(engine, app))
    .join('');

const linesOf = (engine: MarathonEngine, app: AppDefinition): string[] => {
  const running = engine.instances(app.id).filter(({ condition }) => condition === 'Running');
  const servicePorts = servicePortsOf(app);
  const rows = servicePorts.length > 0 ? servicePorts : [' '];
  return rows.map((servicePort, index) => {
    const places = running.map(({ agent, task }) => {
      const host = agent?.hostname ?? '';
      const port = task?.hostPorts[index];
      return port === undefined ? host : `${host}:${port}`;
    });
    return `${[safePath(app.id), servicePort, ...places].join('\t')}\n`;
  });
};
