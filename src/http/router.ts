import type { IncomingMessage, ServerResponse } from 'node:http';
import { HttpError } from './http-error.ts';

/** One request and its answer, as a handler sees it. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Decoded path without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Values of the pattern's `:name` and `*name` parts, decoded. */
  readonly params: Readonly<Record<string, string>>;
}

export type Handler = (exchange: Exchange) => void | Promise<void>;

export type Preparation = (request: IncomingMessage, response: ServerResponse) => void;

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS' | '*';

interface Pattern {
  /** The path itself, when the pattern has no parts to look for, as most have none. */
  readonly literal: string | undefined;
  readonly pattern: RegExp;
  readonly names: readonly string[];
}

interface Route extends Pattern {
  readonly method: Method;
  readonly handler: Handler;
}

/**
 * Routes by method and path. Parts of a pattern: literal text, `:name` for one segment, `*name` for one or more
 * segments (literal text may follow); `::name` is literal. The first route that was added and matches wins; GET routes answer HEAD too, and
 * the method `*` takes every method. A trailing slash in the request's path is ignored.
 */
export class Router {
  readonly #routes: Route[] = [];
  readonly #mergesSlashes: boolean;
  readonly #takesLongerPaths: boolean;
  #prepare: Preparation = () => undefined;

  /**
   * With `mergesSlashes` two slashes in a path are one: some clients put absolute paths behind a base with a slash. With
   * `takesLongerPaths` a path that nobody serves is that of the longest one that it begins with, in whole segments.
   */
  constructor({
    mergesSlashes = false,
    takesLongerPaths = false,
  }: { mergesSlashes?: boolean; takesLongerPaths?: boolean } = {}) {
    this.#mergesSlashes = mergesSlashes;
    this.#takesLongerPaths = takesLongerPaths;
  }

  on(method: Method, pattern: string, handler: Handler): this {
    this.#routes.push({ method, handler, ...compile(pattern) });
    return this;
  }

  /** What is done with every request first, whether there is such a path or not. */
  before(prepare: Preparation): this {
    this.#prepare = prepare;
    return this;
  }

  /** Runs the handler of the matching route. Throws HttpError 404, 405 (with Allow) or 400 (path cannot be decoded). */
  async dispatch(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = request.url ?? '/';
    const queryStart = target.indexOf('?');
    const sentPath = queryStart < 0 ? target : target.slice(0, queryStart);
    const rawPath = this.#mergesSlashes ? sentPath.replace(/\/{2,}/g, '/') : sentPath;
    const query = new URLSearchParams(queryStart < 0 ? '' : target.slice(queryStart + 1));
    const trimmed = rawPath.length > 1 ? rawPath.replace(/\/+$/, '') || '/' : rawPath;
    this.#prepare(request, response);
    const asked = { request, response, rawPath, query };
    const served = this.#serve(trimmed, asked);
    if (served !== undefined) return served;
    for (const path of this.#takesLongerPaths ? shorterPaths(trimmed) : []) {
      const servedThere = this.#serve(path, asked);
      if (servedThere !== undefined) return servedThere;
    }
    throw new HttpError(404, `No such path: ${rawPath}`);
  }

  /** Undefined for a path that no route has. */
  #serve(path: string, asked: Asked): Promise<void> | undefined {
    const { method } = asked.request;
    const allowed = new Set<string>();
    for (const route of this.#routes) {
      const values = valuesIn(path, route);
      if (!values) continue;
      if (!isMethodServed(route.method, method)) {
        allowed.add(route.method);
        continue;
      }
      return runHandler(route, values, asked);
    }
    if (allowed.size === 0) return undefined;
    throw new HttpError(405, `Method ${method} is not allowed here`, {
      headers: { Allow: [...allowed].join(', ') },
    });
  }
}

/** A request before it is known what serves it. */
interface Asked extends Pick<Exchange, 'request' | 'response' | 'query'> {
  readonly rawPath: string;
}

const runHandler = async (
  { names, handler }: Route,
  values: readonly string[],
  { rawPath, ...asked }: Asked,
): Promise<void> => {
  const params: Record<string, string> = {};
  for (const [index, name] of names.entries()) params[name] = decode(values[index] ?? '');
  await handler({ ...asked, path: decode(rawPath), params });
};

/** No route that longer paths lead to has more. */
const MOST_SEGMENTS = 8;

/** What a path begins with, the longest first. */
function* shorterPaths(path: string): Generator<string> {
  const parts = path.split('/');
  for (let count = Math.min(parts.length - 1, MOST_SEGMENTS + 1); count > 1; count--) {
    yield parts.slice(0, count).join('/');
  }
}

const isMethodServed = (served: Method, asked: string | undefined): boolean =>
  served === '*' || served === asked || (served === 'GET' && asked === 'HEAD');

const NO_VALUES: readonly string[] = [];

/** The values of the pattern's parts, when the path is one of its paths. */
const valuesIn = (path: string, { literal, pattern }: Pattern): readonly string[] | undefined => {
  if (literal !== undefined) return literal === path ? NO_VALUES : undefined;
  return pattern.exec(path)?.slice(1);
};

const compile = (pattern: string): Pattern => {
  const names: string[] = [];
  const source = pattern.replace(/(?<!:)[:*]([A-Za-z]+)|[.*+?^${}()|[\]\\]/g, (part, name?: string) => {
    if (!name) return `\\${part}`;
    names.push(name);
    return part.startsWith(':') ? '([^/]+)' : '(.+)';
  });
  return { literal: names.length === 0 ? pattern : undefined, pattern: new RegExp(`^${source}$`), names };
};

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new HttpError(400, `The path is not valid percent-encoded UTF-8: ${text}`);
  }
};
