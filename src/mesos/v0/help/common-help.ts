import type { HelpTexts } from './endpoint-help.ts';

const PATH = '    path=VALUE      The virtual path, as /files/debug lists it, and what lies below.';

/** The endpoints that masters and agents have in common. */
export const COMMON_HELP: HelpTexts = {
  files: {
    '/browse': {
      summary: 'Lists a folder.',
      description: [
        'Gives an array of entries with path, size, time of change, mode and owner, sorted by path.',
        '',
        'Query parameters:',
        '',
        PATH,
      ],
      authorization: 'Sandboxes take leave for access_sandboxes, logs for access_mesos_logs.',
    },
    '/debug': {
      summary: 'Lists the virtual paths, and what real paths they stand for.',
      authorization: 'Takes leave for get_endpoints; paths that somebody may not read are left out.',
    },
    '/download': {
      summary: 'Gives a whole file, to be kept.',
      description: ['Query parameters:', '', PATH],
      authorization: 'Sandboxes take leave for access_sandboxes, logs for access_mesos_logs.',
    },
    '/read': {
      summary: 'Reads a piece of a file.',
      description: [
        'Gives the text of at most 65536 bytes and where it begins; without an offset no text, and where the file ends.',
        '',
        'Query parameters:',
        '',
        PATH,
        '    offset=VALUE    Where to begin, in bytes.',
        '    length=VALUE    How many bytes to read.',
      ],
      authorization: 'Sandboxes take leave for access_sandboxes, logs for access_mesos_logs.',
    },
  },
  logging: {
    '/toggle': {
      summary: 'Tells or changes how much is logged.',
      description: [
        'Without parameters the level is told. Level 0 is as usual; from 1 on the calls of operators are logged, too.',
        '',
        'Query parameters:',
        '',
        '    level=VALUE     The level to log at.',
        '    duration=VALUE  For how long, such as 15mins; then all is as before.',
      ],
      authorization: 'Takes leave for get_endpoints.',
    },
  },
  metrics: {
    '/prometheus': {
      summary: 'Gives all metrics in the text format of Prometheus.',
      authorization: 'Takes leave for get_endpoints.',
    },
    '/snapshot': {
      summary: 'Gives all metrics as one JSON object of names and numbers.',
      description: [
        'Query parameters:',
        '',
        '    timeout=VALUE   Taken as Mesos takes it; every metric is there at once.',
      ],
      authorization: 'Takes leave for get_endpoints.',
    },
  },
  profiler: {
    '/start': {
      summary: 'Starts to profile the processor: not available.',
      description: ['Answers 400 with how a process of Plenum is profiled.'],
    },
    '/stop': {
      summary: 'Ends profiling: not available.',
      description: ['Answers 400 with how a process of Plenum is profiled.'],
    },
  },
  system: {
    '/stats.json': { summary: 'Tells the load, processors and memory of the machine.' },
  },
  version: {
    '/': { summary: 'Tells the version.', isOpen: true },
  },
};
