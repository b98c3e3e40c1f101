import { endpointPage, endpointPath, type HelpTexts } from './endpoint-help.ts';
import { helpHtml } from './help-html.ts';

export interface HelpRequest {
  /** `/help`, `/help/PROCESS` or `/help/PROCESS/ENDPOINT`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly userAgent: string | undefined;
}

export interface HelpAnswer {
  readonly status: 200 | 400;
  readonly contentType: string;
  readonly body: string;
}

export interface Help {
  readonly texts: HelpTexts;
  /** The one whose endpoints are served without its name in front, too. */
  readonly mainProcess: string;
}

/**
 * The pages of help of a master or an agent (mesos.md 3.9): an index, one of each process, one of each endpoint. As in Mesos
 * they are Markdown for curl and HTTPie and HTML for others, and `?format=json` gives all of them in one.
 */
export const answerHelp = (help: Help, { path, query, userAgent = '' }: HelpRequest): HelpAnswer => {
  if (query.get('format') === 'json') {
    return { status: 200, contentType: 'application/json', body: JSON.stringify(allPages(help)) };
  }
  const markdown = pageAt(help, path);
  if (markdown === undefined) {
    const asked = path.replace(/^\/help|\/+$/g, '');
    return {
      status: 400,
      contentType: 'text/plain; charset=utf-8',
      body: `No help available for '${asked}'.\n`,
    };
  }
  return /^(curl|HTTPie)/.test(userAgent)
    ? { status: 200, contentType: 'text/x-markdown', body: markdown }
    : { status: 200, contentType: 'text/html', body: helpHtml(markdown) };
};

const pageAt = ({ texts, mainProcess }: Help, path: string): string | undefined => {
  const [, process, ...rest] = path.split('/').filter((part) => part !== '');
  if (process === undefined) return indexPage(texts);
  const endpoints = Object.hasOwn(texts, process) ? texts[process] : undefined;
  if (endpoints === undefined) return undefined;
  const isItself = rest.length === 0 && Object.keys(endpoints).join() === '/';
  if (rest.length === 0 && !isItself) return processPage(process, endpoints);
  const name = `/${rest.join('/')}`;
  const endpoint = Object.hasOwn(endpoints, name) ? endpoints[name] : undefined;
  return endpoint && `${endpointPage(endpoint, { process, name, mainProcess })}\n`;
};

/** Links are relative: a proxy may have put a path in front. */
const indexPage = (texts: HelpTexts): string =>
  listPage('## HELP', Object.keys(texts), (process) => `help/${process}`);

const processPage = (process: string, endpoints: HelpTexts[string]): string =>
  listPage(
    `## \`/${process}\` ##`,
    Object.keys(endpoints).map((name) => endpointPath(process, name)),
    (path) => path,
  );

const listPage = (heading: string, paths: readonly string[], urlOf: (path: string) => string): string => {
  const sorted = [...paths].sort();
  return [
    heading,
    ...sorted.map((path) => `> [/${path}][${path}]`),
    '',
    ...sorted.map((path) => `[${path}]: ${urlOf(path)}`),
    '',
  ].join('\n');
};

const allPages = ({ texts, mainProcess }: Help): object => ({
  processes: sortedEntries(texts).map(([process, endpoints]) => ({
    id: process,
    endpoints: sortedEntries(endpoints).map(([name, endpoint]) => ({
      name,
      text: endpointPage(endpoint, { process, name, mainProcess }),
    })),
  })),
});

const sortedEntries = <Value>(values: Readonly<Record<string, Value>>): [string, Value][] =>
  Object.entries(values).sort(([one], [other]) => (one < other ? -1 : 1));
