import type { ServiceDocument } from '../../../schemas/generated/service.ts';
import { peerHostName, peerPortName } from './known-references.ts';
import { instanceName, variableName } from './names.ts';

/** {{#POD_TASK}}…{{/POD_TASK}}, or {{#POD_TASK ,}}…{{/POD_TASK}} with something to stand between the repetitions. */
const SECTION = /\{\{#([A-Z][A-Z0-9_]*)(?: ([^{}]+))?\}\}(\n?)([\s\S]*?)\{\{\/\1\}\}(\n?)/g;
const MEMBER = /\{\{\s*(INDEX|NUMBER|HOST|PORT_[A-Z0-9_]+)\s*\}\}/g;

/**
 * Writes the sections of templates and variables out: what stands in one is repeated for every instance of the pod, with
 * {{INDEX}} (from 0), {{NUMBER}} (from 1), {{HOST}} and {{PORT_NAME}} in it being those of the instance's task. So a description names all members of an
 * ensemble without knowing how many there are. A section of no task is left as it is, for the rules to find.
 */
export const expandSections = (document: ServiceDocument): ServiceDocument => {
  const members = membersOf(document);
  const expand = (text: string): string =>
    text.replace(SECTION, (whole, name: string, separator = '', begin = '', body = '', end = '') => {
      const instances = members.get(name);
      if (!instances) return whole;
      // Tags on lines of their own leave no empty lines.
      return repeat(body, instances, separator) + (begin === '' ? end : '');
    });
  const { templates = {}, pods } = document;
  return {
    ...document,
    templates: mapValues(templates, expand),
    pods: mapValues(pods, (pod) => ({
      ...pod,
      tasks: mapValues(pod.tasks, (task) => ({
        ...task,
        ...(task.env && {
          env: mapValues(task.env, (value) => (typeof value === 'string' ? expand(value) : value)),
        }),
      })),
    })),
  };
};

/** What {{HOST}} and {{PORT_NAME}} stand for in one instance's task, by index. */
interface Member {
  readonly host: string;
  readonly portOf: (variable: string) => string;
}

const membersOf = ({ pods }: ServiceDocument): Map<string, readonly Member[]> =>
  new Map(
    Object.entries(pods).flatMap(([pod, { count = 1, tasks }]) =>
      Object.keys(tasks).map((task) => [
        variableName(pod, task),
        Array.from({ length: count }, (_unused, index): Member => {
          const instance = instanceName(pod, index);
          return {
            host: peerHostName(instance, task),
            portOf: (variable) => peerPortName(instance, task, variable.slice('PORT_'.length)),
          };
        }),
      ]),
    ),
  );

const repeat = (body: string, members: readonly Member[], separator: string): string =>
  members
    .map(({ host, portOf }, index) =>
      body.replace(MEMBER, (_whole, name: string) => {
        if (name === 'INDEX') return String(index);
        if (name === 'NUMBER') return String(index + 1);
        return `{{${name === 'HOST' ? host : portOf(name)}}}`;
      }),
    )
    .join(separator);

const mapValues = <T, U>(record: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
