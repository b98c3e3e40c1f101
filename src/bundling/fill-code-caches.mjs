import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { root } from './options.mjs';

const COMMANDS = ['task list', 'marathon app list', 'node list', 'service list', 'package list'];
const ID = { id: 'a', name: 'a', slave_id: 'a', framework_id: 'a', hostname: 'a' };
/** Enough of every answer that a table comes of it. */
const ANSWER = JSON.stringify({
  tasks: [{ ...ID, state: 'TASK_RUNNING', resources: { cpus: 1 } }],
  slaves: [ID],
  frameworks: [ID],
  apps: [],
  packages: [],
});

/**
 * The first run of a program leaves V8's code cache behind, so that a user's first run is as fast as every later one. The
 * commands ask a cluster, as most do, so that what this compiles is in the caches; what it says does not matter.
 */
export async function fillCodeCaches() {
  const server = createServer((_request, response) => response.end(ANSWER)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cluster = `http://127.0.0.1:${server.address().port}`;
  for (const command of COMMANDS) {
    const args = [join(root, 'bin/plenum'), ...command.split(' '), '--cluster', cluster];
    await once(spawn(process.execPath, args, { stdio: 'ignore' }), 'exit');
  }
  server.close();
}
