/** How a server is reached; every client takes one. */
export interface Connection {
  /** Base URL, without a slash at its end. */
  readonly url: string;
  /** Sent as `Authorization: token=…` (cli.md 1.4). */
  readonly token?: string | undefined;
  /** For one call; default 30 s. Streams have no limit once they are open. */
  readonly timeoutMs?: number | undefined;
  /** The longest answer that is read; default 1 GiB, more than the state of any cluster. */
  readonly limitBytes?: number | undefined;
  /** Nothing is changed: a call that would change something throws PlannedCall. */
  readonly isPlan?: boolean | undefined;
  /** Ends every call when it is aborted. */
  readonly signal?: AbortSignal | undefined;
  readonly tls?: { readonly ca?: string; readonly rejectUnauthorized?: boolean } | undefined;
}

/** What a URL-encoded query is made of; undefined leaves the name out, an array repeats it. */
export type Query = Readonly<Record<string, string | number | boolean | undefined | readonly string[]>>;

/** A path below a connection's URL, with its query. */
export const urlOf = ({ url }: Connection, path: string, query: Query = {}): string => {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    const values = Array.isArray(value) ? value : [value];
    for (const one of values) if (one !== undefined) parameters.append(name, String(one));
  }
  const text = parameters.toString();
  return `${url.replace(/\/+$/, '')}${path}${text === '' ? '' : `?${text}`}`;
};

/** The same server, another base path of it. */
export const below = (connection: Connection, path: string): Connection => ({
  ...connection,
  url: `${connection.url.replace(/\/+$/, '')}${path}`,
});
