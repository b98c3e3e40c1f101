import { answerHelp, type Help } from './help/answer-help.ts';

export interface LibraryRequest {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly userAgent: string | undefined;
}

export interface LibraryAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** A path, as the router takes it, and its answer, whatever the method is. */
export interface LibraryEndpoint {
  readonly path: string;
  readonly answer: (request: LibraryRequest) => LibraryAnswer;
}

/**
 * What every server of Mesos has from the library that it is built on, whatever it serves itself (mesos.md 3.9): help, the list
 * of its processes, and profilers, which answer as in a Mesos that was built without them.
 */
export const libraryEndpoints = (help: Help): LibraryEndpoint[] => [
  ...['/help', '/help/*page'].map((path) => ({
    path,
    answer: (request: LibraryRequest) => answerHelp(help, request),
  })),
  { path: '/__processes__', answer: () => json(processesOf(help)) },
  ...['start', 'stop'].map((action) => ({
    path: `/profiler/${action}`,
    answer: () => refusal(400, NO_PROFILER),
  })),
  ...['start', 'stop', 'state', 'statistics', 'download/raw', 'download/text', 'download/graph'].map(
    (action) => ({ path: `/memory-profiler/${action}`, answer: () => refusal(404, NO_MEMORY_PROFILER) }),
  ),
];

/** Nothing waits in a queue of its own here: what comes is handled at once. */
const processesOf = ({ texts }: Help): { id: string; events: [] }[] =>
  [...Object.keys(texts), 'help'].sort().map((id) => ({ id, events: [] }));

const NO_PROFILER =
  "The profiler is disabled. To profile a server of Plenum, run its program with Node's option --cpu-prof.\n";
const NO_MEMORY_PROFILER =
  'The memory profiler is disabled. To profile the memory of a server of Plenum, start it with NODE_OPTIONS=--heap-prof.\n';

const json = (value: unknown): LibraryAnswer => ({
  status: 200,
  contentType: 'application/json',
  body: JSON.stringify(value),
});

const refusal = (status: number, body: string): LibraryAnswer => ({
  status,
  contentType: 'text/plain; charset=utf-8',
  body,
});
