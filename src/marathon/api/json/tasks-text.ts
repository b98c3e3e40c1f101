import type { AppDefinition } from '../../definitions/app.ts';
import { servicePortsOf } from '../../definitions/app-facts.ts';
import { safePath } from '../../definitions/path-id.ts';
import type { MarathonEngine } from '../../engine.ts';

/**
 * Where what runs can be reached, one line for each service port, for scripts that configure proxies (marathon.md 1.7):
 * app, service port and the addresses of all instances, with tabs between them. It comes in pieces, for it can be long.
 */
export function* tasksText(engine: MarathonEngine, apps: readonly AppDefinition[]): Iterable<string> {
  for (const app of [...apps].sort((one, other) => (one.id < other.id ? -1 : 1))) {
    const servicePorts = servicePortsOf(app);
    const rows = servicePorts.length > 0 ? servicePorts : [' '];
    const running = engine.instances(app.id).filter(({ condition }) => condition === 'Running');
    for (const [index, servicePort] of rows.entries()) {
      yield `${safePath(app.id)}\t${servicePort}`;
      for (const { agent, task } of running) {
        const port = task?.hostPorts[index];
        yield `\t${agent?.hostname ?? ''}${port === undefined ? '' : `:${port}`}`;
      }
      yield '\n';
    }
  }
}
