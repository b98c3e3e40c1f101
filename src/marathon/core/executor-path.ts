import type { AppDefinition } from '../definitions/app.ts';

/** The app's own executor; undefined for the one that Mesos brings along. */
export const executorPathOf = ({ executor }: Pick<AppDefinition, 'executor'>): string | undefined =>
  executor === '' || executor === '//cmd' ? undefined : executor;

/** What the app's own executor needs beside the task. */
export const executorResourcesOf = (
  app: Pick<AppDefinition, 'executor' | 'executorResources'>,
): { readonly cpus: number; readonly mem: number; readonly disk: number } =>
  executorPathOf(app) === undefined
    ? { cpus: 0, mem: 0, disk: 0 }
    : (app.executorResources ?? { cpus: 0.1, mem: 32, disk: 10 });
