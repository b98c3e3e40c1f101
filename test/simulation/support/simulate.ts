import { loadScenario } from '../../../src/simulation/load-scenario.ts';
import type { Report } from '../../../src/simulation/report/report.ts';
import { runSimulation } from '../../../src/simulation/run-simulation.ts';

type LoadOptions = Parameters<typeof loadScenario>[0];

/** A report without what is measured: the part that is the same every time. */
export type VirtualReport = Omit<Report, 'real'>;

/** Runs a scenario from its text. */
export const simulate = async (
  text: string,
  options: Partial<Omit<LoadOptions, 'source'>> & { signal?: AbortSignal } = {},
): Promise<VirtualReport> => {
  const { signal, ...load } = options;
  const scenario = await loadScenario({
    source: { name: 'test.yaml', text },
    readFile: async (path) => {
      throw new Error(`No file ${path} is there`);
    },
    ...load,
  });
  const { real: _real, ...report } = await runSimulation(scenario, signal ? { signal } : {});
  return report;
};
