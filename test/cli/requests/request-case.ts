import type { Overrides, StandInRequest } from '../dcos/stand-in.ts';

/** What a command asks a cluster: its requests, by what is typed. */
export interface RequestCase {
  /** Behind `plenum`; words are parted by blanks. Here and below names between two @ stand for what PLACES says. */
  readonly line: string;
  readonly input?: string;
  /** Answers in place of those that the original was given. */
  readonly answers?: Overrides;
  /** It follows a stream, and is interrupted when it asks for the stream again. */
  readonly isStream?: boolean;
  /** How it ends; default: 0. */
  readonly code?: number;
  /** All of its requests, in any order: `METHOD target`, with more where there is more. Reads may be made more than once. */
  readonly asks: readonly (string | ExpectedRequest)[];
}

export interface ExpectedRequest {
  /** Method, path and query. */
  readonly request: string;
  /** JSON where it is no text. */
  readonly body?: unknown;
  /** Beside the token, and the type of a body that is plain JSON; null must be missing. */
  readonly headers?: Readonly<Record<string, string | null>>;
}

export const TOKEN = 'tok123';

/** Ids of the stand-in. */
export const PLACES: Readonly<Record<string, string>> = {
  '@AGENT@': 'a1b2c3d4-0000-4000-8000-000000000001-S0',
  '@OTHER_AGENT@': 'a1b2c3d4-0000-4000-8000-000000000001-S1',
  '@FRAMEWORK@': 'f0f0f0f0-0000-4000-8000-000000000001-0001',
  '@SANDBOX@': encodeURIComponent(
    '/frameworks/f0f0f0f0-0000-4000-8000-000000000001-0001/executors/sleep.aaaa-1111/runs/latest',
  ),
};

/** What is held against what was sent: of the headers, those that are expected alone. */
export interface ComparedRequest {
  readonly request: string;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

const byRequest = (one: ComparedRequest, other: ComparedRequest): number =>
  textOf(one) < textOf(other) ? -1 : 1;

const textOf = ({ request, body }: ComparedRequest): string => `${request} ${JSON.stringify(body)}`;

/** The expected requests, whole. */
export const expectedRequests = ({ asks }: RequestCase): ComparedRequest[] =>
  asks
    .map((ask): ExpectedRequest => (typeof ask === 'string' ? { request: ask } : ask))
    .map(({ request, body, headers = {} }) => ({
      request,
      body,
      headers: {
        authorization: `token=${TOKEN}`,
        'content-type': body === undefined ? undefined : 'application/json',
        ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value ?? undefined])),
      },
    }))
    .sort(byRequest);

/** What was sent, with the headers that are expected of a request with the same first line. */
export const sentRequests = (
  sent: readonly StandInRequest[],
  { expected, url }: { readonly expected: readonly ComparedRequest[]; readonly url: string },
): ComparedRequest[] => {
  const compared = sent.map(({ method, target, headers, body }) => {
    const request = `${method} ${target.replaceAll(encodeURIComponent(url), url)}`;
    const names = Object.keys(expected.find((one) => one.request === request)?.headers ?? {});
    return {
      request,
      body: parsedBody(body),
      headers: Object.fromEntries(names.map((name) => [name, headers[name]])),
    };
  });
  const isFirst = ({ request }: ComparedRequest, at: number): boolean =>
    !/^(GET|HEAD) /.test(request) || compared.findIndex((one) => one.request === request) === at;
  return compared.filter(isFirst).sort(byRequest);
};

const parsedBody = (text: string): unknown => {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};
