import { type Api, sendForJson, sendForStream } from './call.ts';
import type { Connection } from './connection.ts';

/** A bundle on a master. */
export interface NodeBundle {
  /** With the folder that it lies in. */
  readonly file_name: string;
  readonly file_size: number;
}

/** The diagnostics of DC/OS before 2.0 (cli.md 7.8), which later clusters still have. Every call throws ApiError. */
export interface NodeDiagnosticsClient {
  /** By the masters' addresses. */
  list(): Promise<Readonly<Record<string, readonly NodeBundle[] | null>>>;
  /** By the masters' addresses. */
  getStatus(): Promise<Readonly<Record<string, Readonly<Record<string, unknown>>>>>;
  create(nodes: readonly string[]): Promise<{ readonly status: string; readonly bundle: string | undefined }>;
  /** What became of it, in the cluster's words. */
  cancel(): Promise<string>;
  delete(bundle: string): Promise<string>;
  download(bundle: string): Promise<AsyncIterable<Buffer>>;
}

const API: Api = {
  name: 'The diagnostics of the cluster',
  readError: (body) => {
    const { status } = (body ?? {}) as { status?: unknown };
    return typeof status === 'string' ? { message: status } : {};
  },
};
const BASE = '/system/health/v1/report/diagnostics';
const HEADERS = { 'Content-Type': 'application/json' };

interface Done {
  readonly status: string;
  readonly extra?: { readonly bundle_name?: string };
}

export const createNodeDiagnosticsClient = (connection: Connection): NodeDiagnosticsClient => {
  const post = (path: string, body?: object): Promise<Done> =>
    sendForJson(API, connection, {
      method: 'POST',
      path: `${BASE}/${path}`,
      headers: HEADERS,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  return {
    list: () => sendForJson(API, connection, { path: `${BASE}/list/all` }),
    getStatus: () => sendForJson(API, connection, { path: `${BASE}/status/all` }),
    create: async (nodes) => {
      const { status, extra } = await post('create', { nodes });
      return { status, bundle: extra?.bundle_name };
    },
    cancel: async () => (await post('cancel')).status,
    delete: async (bundle) => (await post(`delete/${encodeURIComponent(bundle)}`)).status,
    download: async (bundle) =>
      (await sendForStream(API, connection, { path: `${BASE}/serve/${encodeURIComponent(bundle)}` })).body,
  };
};
