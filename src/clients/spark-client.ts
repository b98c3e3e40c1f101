import { ApiError } from './api-error.ts';
import { type Api, send, sendForJson } from './call.ts';
import type { Connection } from './connection.ts';

/** A program for the package spark; its driver runs on a worker. */
export interface SparkProgram {
  /** URI of the archive (jar), which the workers fetch. */
  readonly archive: string;
  readonly mainClass: string;
  readonly arguments: readonly string[];
  /** Spark's own settings, by name. */
  readonly properties: Readonly<Record<string, string>>;
}

/** SUBMITTED, QUEUED, RUNNING, RELAUNCHING; and at its end FINISHED, FAILED, KILLED, ERROR. */
export interface SparkSubmission {
  readonly submissionId: string;
  readonly driverState: string;
  readonly workerHostPort?: string;
  readonly message?: string;
}

/** The submissions of a Spark master. Every call throws ApiError. */
export interface SparkClient {
  /** Gives the id of the submission. */
  submit(program: SparkProgram): Promise<string>;
  getSubmission(id: string): Promise<SparkSubmission>;
  kill(id: string): Promise<void>;
}

interface Answer {
  readonly success?: boolean;
  readonly message?: string;
  readonly submissionId?: string;
  readonly driverState?: string;
  readonly workerHostPort?: string;
  readonly serverSparkVersion?: string;
}

const SERVICE: Api = { name: 'The service', readError: (body) => messageOf(body) };
const MASTER: Api = { name: 'The Spark master', readError: (body) => messageOf(body) };
const VERSION = '4.2.0';
const FIRST_MEMORY = '512m';

/** A client of the service at `service` (below the gateway), which says where its master takes programs. */
export const createSparkClient = (service: Connection): SparkClient => {
  const endpoint = async (name: string): Promise<string> =>
    (await send(SERVICE, service, { path: `/v1/endpoints/${name}` })).body.toString('utf8').trim();
  const call = async (method: string, path: string, body?: object): Promise<Answer> => {
    // What is a token of the cluster is none of Spark's.
    const { timeoutMs, signal } = service;
    const connection = { url: await endpoint('submissions'), timeoutMs, signal };
    const answer = await sendForJson<Answer>(MASTER, connection, {
      method,
      path: `/v1/submissions/${path}`,
      headers: { 'Content-Type': 'application/json;charset=UTF-8' },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (answer.success) return answer;
    const message = answer.message ?? 'It knows of no such submission';
    const url = `${connection.url}/v1/submissions/${path}`;
    throw new ApiError({ kind: 'refused', api: MASTER.name, message, method, url, status: 404 });
  };
  return {
    submit: async ({ archive, mainClass, properties, ...program }) => {
      const { submissionId = '' } = await call('POST', 'create', {
        action: 'CreateSubmissionRequest',
        clientSparkVersion: VERSION,
        appResource: archive,
        mainClass,
        appArgs: program.arguments,
        environmentVariables: {},
        sparkProperties: {
          'spark.app.name': mainClass,
          'spark.driver.memory': FIRST_MEMORY,
          'spark.executor.memory': FIRST_MEMORY,
          'spark.driver.supervise': 'false',
          'spark.jars': archive,
          ...properties,
          'spark.master': await endpoint('master'),
          'spark.submit.deployMode': 'cluster',
        },
      });
      return submissionId;
    },
    getSubmission: async (id) => {
      const {
        driverState = 'UNKNOWN',
        workerHostPort,
        message,
      } = await call('GET', `status/${encodeURIComponent(id)}`);
      return {
        submissionId: id,
        driverState,
        ...(workerHostPort !== undefined && { workerHostPort }),
        ...(message !== undefined && { message }),
      };
    },
    kill: async (id) => {
      await call('POST', `kill/${encodeURIComponent(id)}`);
    },
  };
};

const messageOf = (body: unknown): { message?: string } => {
  if (typeof body !== 'object' || body === null || !('message' in body)) return {};
  return typeof body.message === 'string' ? { message: body.message } : {};
};
