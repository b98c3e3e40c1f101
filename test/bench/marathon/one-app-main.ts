/**
 * `one-app-main INSTANCES`: the logic of a master, of 1,000 agents and of Marathon on virtual time, with one app of so many
 * instances, until all run. Prints `{ ms, mb }`: real milliseconds, and what the process takes at its largest.
 */
import { loadScenario } from '../../../src/simulation/load-scenario.ts';
import { runSimulation } from '../../../src/simulation/run-simulation.ts';

const instances = Number(process.argv[2]);
const BYTES_PER_MB = 1_000_000;
const text = `
name: one-app
seed: 1
until: 10m
agents:
  - { name: node, count: 1000, resources: "cpus:128;mem:1048576;ports:[31000-32000]" }
marathon:
  apps:
    - { id: /app, cmd: sleep, cpus: 1, mem: 32, instances: ${instances} }
`;
const scenario = await loadScenario({
  source: { name: 'one-app', text },
  readFile: () => Promise.reject(new Error('The scenario names no file')),
});
const started = performance.now();
const { roles } = await runSimulation(scenario);
const ms = performance.now() - started;
const running = roles.reduce((sum, { tasks }) => sum + tasks, 0);
if (running !== instances) throw new Error(`${running} of ${instances} instances run`);
process.stdout.write(JSON.stringify({ ms, mb: (process.resourceUsage().maxRSS * 1024) / BYTES_PER_MB }));
