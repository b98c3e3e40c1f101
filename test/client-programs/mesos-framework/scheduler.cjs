/**
 * A framework on npm's mesos-framework, steered by lines on its standard input, which tells what happens in lines of JSON:
 * node scheduler.cjs MESOS_FRAMEWORK_FOLDER MASTER_HOST MASTER_PORT NAME INSTANCES [FRAMEWORK_ID]
 */
const { createInterface } = require('node:readline');

const [folder, masterUrl, port, frameworkName, instances, frameworkId] = process.argv.slice(2);
const { Scheduler, Mesos } = require(folder);
const { CommandInfo } = Mesos.getMesos();

const say = (event, details) => console.log(JSON.stringify({ event, ...details }));

const scheduler = new Scheduler({
  masterUrl,
  port,
  frameworkName,
  user: require('node:os').userInfo().username,
  // It takes a subscription that is silent for this long for lost: longer than the master's heartbeats are apart.
  masterConnectionTimeout: 60,
  logging: { level: 'error' },
  tasks:
    Number(instances) === 0
      ? {}
      : {
          sleeper: {
            priority: 1,
            instances: Number(instances),
            commandInfo: new CommandInfo(null, null, true, 'echo $HOST $PORT0; exec sleep 1000', null, null),
            resources: { cpus: 0.1, mem: 32, ports: 1, disk: 0 },
          },
        },
});
if (frameworkId !== undefined) scheduler.frameworkId = frameworkId;

scheduler.on('ready', () => scheduler.subscribe());
scheduler.on('subscribed', ({ frameworkId: id }) => say('subscribed', { id }));
scheduler.on('update', ({ status }) =>
  say('update', {
    task: status.task_id.value,
    agent: status.agent_id.value,
    state: status.state,
    reason: status.reason,
  }),
);
scheduler.on('error', (error) => say('error', { message: error.message }));
for (const call of ['kill', 'reconcile', 'revive', 'teardown']) {
  scheduler.on(`sent_${call}`, () => say(`sent ${call}`));
}

/** One more instance of what runs already, as the package's own way to restart a task does it. */
const addInstance = () => {
  const [like] = scheduler.launchedTasks;
  const { taskId: _, runtimeInfo: __, ...task } = structuredClone({ ...like, commandInfo: undefined });
  const commandInfo = new CommandInfo(null, null, true, 'exec sleep 1000', null, null);
  scheduler.pendingTasks.push({ ...task, commandInfo, name: 'sleeper-more', isSubmitted: false });
  scheduler.revive();
};

const commands = {
  kill: (task, agent) => scheduler.kill(task, agent),
  scale: addInstance,
  reconcile: (task, agent) => scheduler.reconcile(task, agent),
  teardown: () => scheduler.teardown(),
  leave: () => process.exit(0),
};

createInterface({ input: process.stdin }).on('line', (line) => {
  const [command, ...args] = line.split(' ');
  commands[command](...args);
});
