/** What the command line is given of the simulator; a bundle of its own, so that other commands stay small. */
export { bundledScenarios } from './bundled-scenarios.ts';
export { loadScenario } from './load-scenario.ts';
export { reportSections, type Section } from './report/report-sections.ts';
export { seriesCsv } from './report/series-csv.ts';
export { runSimulation } from './run-simulation.ts';
export { ScenarioError } from './scenario/scenario-error.ts';
