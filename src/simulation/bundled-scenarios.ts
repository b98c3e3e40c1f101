import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseScenario, type ScenarioSource } from './scenario/parse-scenario.ts';

/** A scenario that comes with Plenum. */
export interface BundledScenario {
  readonly name: string;
  readonly about: string;
  readonly source: ScenarioSource;
}

/** In the order of their names. They lie beside this file, in the sources as in dist/. */
export const bundledScenarios = (): BundledScenario[] => {
  const folder = join(dirname(fileURLToPath(import.meta.url)), 'scenarios');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => {
      const source = { name: file, text: readFileSync(join(folder, file), 'utf8') };
      const { name = file, about = '' } = parseScenario(source).document;
      return { name, about, source };
    });
};
