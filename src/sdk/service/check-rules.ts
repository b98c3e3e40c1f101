import type { Pod, ServiceDocument, TaskDefinition } from '../../../schemas/generated/service.ts';
import { errorMessage } from '../../runtime/error-message.ts';
import { ownReferenceNames, peerReferenceNames } from './known-references.ts';
import type { PathSegments } from './locate.ts';
import { variableName } from './names.ts';
import { readPlacement } from './placement-text.ts';
import { referencesOf } from './references.ts';

/** Parts of a description that do not fit each other. */
export interface RuleBreach {
  readonly path: PathSegments;
  readonly message: string;
}

/** What a schema cannot say: parts of the description name each other, and what they name must be there. */
export const checkRules = (document: ServiceDocument): RuleBreach[] => [
  ...Object.entries(document.pods).flatMap(([name, pod]) => checkPod(document, pod, ['pods', name])),
  ...checkPlan(document),
  ...Object.entries(document.endpoints ?? {}).flatMap(([name, { template }]) =>
    checkTemplate(document, template, new Set(peerReferenceNames(document)), ['endpoints', name, 'template']),
  ),
];

const checkPod = (document: ServiceDocument, pod: Pod, path: PathSegments): RuleBreach[] => {
  const breaches: RuleBreach[] = [];
  try {
    readPlacement(pod.placement);
  } catch (error) {
    breaches.push({ path: [...path, 'placement'], message: errorMessage(error) });
  }
  const volumes = (pod.volumes ?? []).map((volume) => volume.path);
  for (const [index, volume] of volumes.entries()) {
    if (volumes.indexOf(volume) !== index) {
      breaches.push({
        path: [...path, 'volumes', index, 'path'],
        message: 'is the path of another volume too',
      });
    }
  }
  breaches.push(...checkVolumeUse(pod, volumes, path));
  for (const [name, task] of Object.entries(pod.tasks)) {
    breaches.push(...checkTask(document, task, [...path, 'tasks', name]));
  }
  return breaches;
};

/** Two tasks that run at the same time cannot have the same volume. */
const checkVolumeUse = (pod: Pod, volumes: readonly string[], path: PathSegments): RuleBreach[] => {
  const breaches: RuleBreach[] = [];
  const users = new Map<string, string>();
  for (const [name, task] of Object.entries(pod.tasks)) {
    const taskPath = [...path, 'tasks', name];
    for (const [index, volume] of (task.volumes ?? []).entries()) {
      if (volumes.includes(volume)) continue;
      breaches.push({
        path: [...taskPath, 'volumes', index],
        message: 'is not the path of a volume of the pod',
      });
    }
    if (task.goal === 'ONCE') continue;
    for (const volume of task.volumes ?? volumes) {
      const other = users.get(volume);
      if (other !== undefined) {
        const message = `uses the volume ${volume}, as ${other} does: tasks that run at the same time cannot share one`;
        breaches.push({ path: taskPath, message });
      }
      users.set(volume, name);
    }
  }
  return breaches;
};

const checkTask = (document: ServiceDocument, task: TaskDefinition, path: PathSegments): RuleBreach[] => {
  const breaches: RuleBreach[] = [];
  const known = new Set([...peerReferenceNames(document), ...ownReferenceNames(task)]);
  for (const [name, value] of Object.entries(task.env ?? {})) {
    breaches.push(...checkReferences(String(value), known, [...path, 'env', name]));
  }
  for (const [name, { template }] of Object.entries(task.configs ?? {})) {
    const withVariables = new Set([...known, ...Object.keys(task.env ?? {})]);
    breaches.push(
      ...checkTemplate(document, template, withVariables, [...path, 'configs', name, 'template']),
    );
  }
  const variables = new Set(Object.keys(task.env ?? {}));
  for (const [name, port] of Object.entries(task.ports ?? {})) {
    const variable = port['env-key'] ?? variableName('port', name);
    if (variables.has(variable)) {
      breaches.push({
        path: [...path, 'ports', name],
        message: `has the variable ${variable}, which is taken`,
      });
    }
    variables.add(variable);
  }
  return [...breaches, ...checkReadiness(task, path)];
};

const checkReadiness = (task: TaskDefinition, path: PathSegments): RuleBreach[] => {
  const check = task['readiness-check'];
  if (!check) return [];
  const at = [...path, 'readiness-check'];
  if (task.goal === 'ONCE') return [{ path: at, message: 'is only for tasks whose goal is RUNNING' }];
  const kinds = [check.cmd, check.http, check.tcp].filter((kind) => kind !== undefined);
  if (kinds.length !== 1) return [{ path: at, message: 'must have one of cmd, http and tcp' }];
  const port = check.http?.port ?? check.tcp?.port;
  if (port === undefined || Object.hasOwn(task.ports ?? {}, port)) return [];
  return [
    { path: [...at, check.http ? 'http' : 'tcp', 'port'], message: 'is not the name of a port of the task' },
  ];
};

const checkPlan = ({ plans, pods }: ServiceDocument): RuleBreach[] => {
  if (!plans?.deploy) return [];
  const breaches: RuleBreach[] = [];
  const deployed = new Set<string>();
  for (const [name, phase] of Object.entries(plans.deploy.phases)) {
    const path = ['plans', 'deploy', 'phases', name];
    const pod = Object.hasOwn(pods, phase.pod) ? pods[phase.pod] : undefined;
    if (!pod) {
      breaches.push({ path: [...path, 'pod'], message: 'is not the name of a pod' });
      continue;
    }
    for (const [index, task] of (phase.tasks ?? []).entries()) {
      if (Object.hasOwn(pod.tasks, task)) continue;
      breaches.push({ path: [...path, 'tasks', index], message: `is not a task of the pod ${phase.pod}` });
    }
    for (const task of phase.tasks ?? Object.keys(pod.tasks)) deployed.add(`${phase.pod}/${task}`);
  }
  for (const [pod, { tasks }] of Object.entries(pods)) {
    for (const task of Object.keys(tasks)) {
      if (deployed.has(`${pod}/${task}`)) continue;
      breaches.push({ path: ['pods', pod, 'tasks', task], message: 'is in no phase of the plan deploy' });
    }
  }
  return breaches;
};

const checkTemplate = (
  { templates = {} }: ServiceDocument,
  template: string,
  known: ReadonlySet<string>,
  path: PathSegments,
): RuleBreach[] => {
  const text = Object.hasOwn(templates, template) ? templates[template] : undefined;
  if (text === undefined) return [{ path, message: 'is not the name of a template' }];
  return checkReferences(text, known, ['templates', template]);
};

const checkReferences = (text: string, known: ReadonlySet<string>, path: PathSegments): RuleBreach[] => [
  ...[...new Set(referencesOf(text))]
    .filter((name) => !known.has(name))
    .map((name) => ({
      path,
      message: `refers to {{${name}}}, which is neither of the task nor of another one (POD_INDEX_TASK_HOST, POD_INDEX_TASK_PORT_NAME)`,
    })),
  // Those of tasks have been written out by now.
  ...[...new Set(text.match(/\{\{#[^}]*\}\}/g))].map((section) => ({
    path,
    message: `has ${section}, which is of no task, or has no end: write {{#POD_TASK}}…{{/POD_TASK}}`,
  })),
];
