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
  #prepare: Preparation = () => undefined;

  /** With `mergesSlashes` two slashes in a path are one: some clients put absolute paths behind a base with a slash. */
  constructor({ mergesSlashes = false }: { mergesSlashes?: boolean } = {}) {
    this.#mergesSlashes = mergesSlashes;
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
    const allowed = new Set<string>();
    this.#prepare(request, response);
    for (const route of this.#routes) {
      const values = valuesIn(trimmed, route);
      if (!values) continue;
      if (!isMethodServed(route.method, request.method)) {
        allowed.add(route.method);
        continue;
      }
      const params: Record<string, string> = {};
      for (const [index, name] of route.names.entries()) params[name] = decode(values[index] ?? '');
      await route.handler({ request, response, path: decode(rawPath), query, params });
      return;
    }
    if (allowed.size > 0) {
      throw new HttpError(405, `Method ${request.method} is not allowed here`, {
        headers: { Allow: [...allowed].join(', ') },
      });
    }
    throw new HttpError(404, `No such path: ${rawPath}`);
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
