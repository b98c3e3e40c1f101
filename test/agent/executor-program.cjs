// A custom executor for the tests, over the v1 API: runs nothing, tells what it is told to. A task's data says what
// becomes of it: "run" or "finish"; a MESSAGE is sent back; "stubborn" in its own data ignores SHUTDOWN.
const http = require('node:http');
const { randomUUID } = require('node:crypto');

const {
  MESOS_AGENT_ENDPOINT: endpoint,
  MESOS_FRAMEWORK_ID: framework,
  MESOS_EXECUTOR_ID: executor,
} = process.env;
const [host, port] = endpoint.split(':');
const ids = { framework_id: { value: framework }, executor_id: { value: executor } };
const tasks = new Map();
const unacknowledged = new Map();
let isStubborn = false;

const post = (call, onResponse) => {
  const request = http.request(
    {
      host,
      port: Number(process.env.PORT_OVERRIDE ?? port),
      path: '/api/v1/executor',
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    },
    onResponse ?? ((response) => response.resume()),
  );
  request.on('error', () => onResponse && setTimeout(subscribe, 50));
  request.end(JSON.stringify({ ...ids, ...call }));
};

const update = (taskId, state) => {
  const uuid = Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64');
  const status = {
    task_id: { value: taskId },
    state,
    source: 'SOURCE_EXECUTOR',
    uuid,
    timestamp: Date.now() / 1000,
  };
  unacknowledged.set(uuid, { status });
  post({ type: 'UPDATE', update: { status } });
};

const launch = (task) => {
  tasks.set(task.task_id.value, task);
  update(task.task_id.value, 'TASK_RUNNING');
  if (Buffer.from(task.data ?? '', 'base64').toString() === 'finish')
    update(task.task_id.value, 'TASK_FINISHED');
};

const take = (event) => {
  console.log(event.type);
  if (event.type === 'SUBSCRIBED')
    isStubborn = Buffer.from(event.subscribed.executor_info.data ?? '', 'base64').toString() === 'stubborn';
  if (event.type === 'LAUNCH') launch(event.launch.task);
  if (event.type === 'LAUNCH_GROUP') event.launch_group.task_group.tasks.forEach(launch);
  if (event.type === 'KILL') update(event.kill.task_id.value, 'TASK_KILLED');
  if (event.type === 'ACKNOWLEDGED') {
    tasks.delete(event.acknowledged.task_id.value);
    unacknowledged.delete(event.acknowledged.uuid);
  }
  if (event.type === 'MESSAGE') post({ type: 'MESSAGE', message: event.message });
  if (event.type === 'SHUTDOWN' && !isStubborn) process.exit(0);
};

const subscribe = () =>
  post(
    {
      type: 'SUBSCRIBE',
      subscribe: {
        unacknowledged_tasks: [...tasks.values()],
        unacknowledged_updates: [...unacknowledged.values()],
      },
    },
    (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        text += chunk;
        for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
          const length = Number(text.slice(0, end));
          if (text.length < end + 1 + length) return;
          take(JSON.parse(text.slice(end + 1, end + 1 + length)));
          text = text.slice(end + 1 + length);
        }
      });
      response.on('error', () => undefined);
      response.on('close', () => setTimeout(subscribe, 50));
    },
  );

subscribe();
