import { type Answers, type RecordingServer, startRecordingServer } from '../clients/recording-server.ts';
import { type PlenumOptions, type PlenumResult, runPlenum } from './run-plenum.ts';

/** A cluster with the paths of a gateway, whose answers a test gives. */
export interface FakeCluster {
  readonly server: RecordingServer;
  readonly answers: Answers;
  /** Runs a command against it. */
  run(args: readonly string[], options?: PlenumOptions): Promise<PlenumResult>;
  /** What was sent that changes something, `METHOD target body`. */
  changes(): string[];
  close(): Promise<void>;
}

export const startFakeCluster = async (answers: Answers = {}): Promise<FakeCluster> => {
  const server = await startRecordingServer(answers);
  return {
    server,
    answers,
    run: (args, options = {}) =>
      runPlenum(args, { ...options, env: { PLENUM_CLUSTER: server.url, ...options.env } }),
    changes: () =>
      server.requests
        .filter(({ method }) => method !== 'GET')
        .map(({ method, target, body }) => `${method} ${target}${body === '' ? '' : ` ${body}`}`),
    close: () => server.close(),
  };
};

export const slave = (id: string, hostname: string, more = {}): object => ({
  id,
  hostname,
  port: 5051,
  pid: `slave(1)@${hostname}:5051`,
  attributes: {},
  resources: { cpus: 4, mem: 8192, disk: 1000, gpus: 0 },
  used_resources: { cpus: 0.5, mem: 64, disk: 0, gpus: 0 },
  offered_resources: {},
  reserved_resources: {},
  unreserved_resources: {},
  active: true,
  version: '1.11.1',
  ...more,
});

export const task = (id: string, more = {}): object => ({
  id,
  name: id.split('.')[0],
  framework_id: 'F',
  executor_id: '',
  slave_id: 'S0',
  state: 'TASK_RUNNING',
  resources: { cpus: 0.1, mem: 16 },
  statuses: [],
  user: 'me',
  ...more,
});
