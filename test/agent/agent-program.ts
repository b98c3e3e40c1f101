import { startAgent } from '../../src/agent/server.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { systemRandom } from '../../src/runtime/random.ts';

/** An agent as a process of its own, to be killed: MASTER WORK_DIR RESOURCES, further options as JSON. Says its port once it has registered. */
const [, , master = '', workDir = '', resources = '', more = '{}'] = process.argv;

const main = async (): Promise<void> => {
  const agent = await startAgent({
    masterUrls: [master],
    workDir,
    resources,
    version: '1.11.0',
    log: silentLog,
    clock: systemClock,
    random: systemRandom,
    ...JSON.parse(more),
  });
  await agent.registered;
  console.log(agent.port);
};

void main();
