import { readFileSync } from 'node:fs';

/** A request as the stand-in sees it. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/** JSON unless it is bytes. */
export interface Answer {
  readonly status?: number;
  readonly body?: unknown;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Undefined for paths that are somebody else's. */
export type Part = (asked: Asked) => Answer | undefined;

export interface Application {
  readonly id: string;
  readonly tasks: readonly { readonly id: string }[];
  readonly [field: string]: unknown;
}

export interface StoredTask {
  readonly id: string;
  readonly slave_id: string;
  readonly executor_id: string;
  readonly statuses: readonly [
    { readonly container_status: { readonly container_id: { value: string; parent?: { value: string } } } },
  ];
}

/** What the stand-in answered the original, where it did not depend on what was asked. */
export interface StoredAnswers {
  readonly state: {
    readonly slaves: readonly unknown[];
    readonly frameworks: readonly [
      { readonly id: string; readonly tasks: readonly StoredTask[]; readonly completed_tasks: StoredTask[] },
    ];
  };
  readonly apps: Readonly<Record<string, Application>>;
  readonly versions: readonly string[];
  readonly deployments: readonly unknown[];
  readonly queue: unknown;
  readonly pod: { readonly instances: unknown; readonly spec: unknown };
  readonly groups: { readonly groups: readonly [unknown] };
  readonly jobs: Readonly<Record<string, { readonly schedules: unknown }>>;
  readonly run: unknown;
  readonly packages: Readonly<Record<string, PackageFacts>>;
  readonly roles: unknown;
  /** Protobuf in hexadecimal digits. */
  readonly agents: string;
  readonly frameworks: string;
  readonly nodeMetrics: unknown;
  readonly containerMetrics: unknown;
  readonly units: unknown;
  /** By `METHOD path`. */
  readonly fixed: Readonly<Record<string, unknown>>;
}

export interface PackageFacts {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly [field: string]: unknown;
}

/** With the URL of the stand-in in what names it. */
export const storedAnswers = (url: string): StoredAnswers =>
  JSON.parse(
    readFileSync(new URL('../fixtures/dcos/answers.json', import.meta.url), 'utf8').replaceAll('@URL@', url),
  ) as StoredAnswers;

export const parsedBody = ({ body }: Asked): Readonly<Record<string, unknown>> =>
  (JSON.parse(body.toString() || '{}') ?? {}) as Readonly<Record<string, unknown>>;
