import { isPod, type RunSpec } from '../../definitions/run-spec.ts';
import { executorResourcesOf } from '../executor-path.ts';

const THOUSANDTHS = 1000;

export type ScalarName = 'cpus' | 'mem' | 'disk' | 'gpus';

/** Amounts of what an instance takes in all, executors included, by name; volumes are not among them. */
export const scalarNeedsOf = (spec: RunSpec): Record<ScalarName, number> => {
  const executor = isPod(spec) ? spec.executorResources : executorResourcesOf(spec);
  const total = { cpus: executor.cpus, mem: executor.mem, disk: executor.disk, gpus: 0 };
  for (const part of isPod(spec) ? spec.containers.map(({ resources }) => resources) : [spec]) {
    total.cpus += part.cpus;
    total.mem += part.mem;
    total.disk += part.disk;
    total.gpus += part.gpus;
  }
  // As exact as Mesos is, or 0.1 three times would be a little more than 0.3.
  for (const name of ['cpus', 'mem', 'disk', 'gpus'] as const) {
    total[name] = Math.round(total[name] * THOUSANDTHS) / THOUSANDTHS;
  }
  return total;
};
