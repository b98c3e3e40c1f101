import { isRead } from '../dcos/compare.ts';
import { DIFFERENCES } from '../dcos/differences.ts';
import { type Recording, readRecordings } from '../dcos/recordings.ts';
import type { RequestCase } from './request-case.ts';

/** Commands whose requests are held elsewhere, or that make none, by the reasons. */
export const ELSEWHERE: Readonly<Record<string, RegExp>> = {
  'test/e2e/exec.test.ts has a real agent answer it, which takes nothing but the right calls':
    /^task:(attach|exec)$/,
  'test/cli/system-commands.test.ts holds what ssh is given': /^node:ssh$/,
  'test/cli/package-configure.test.ts answers its questions at a terminal': /^package:configure$/,
  'test/e2e/simulate.test.ts reads a cluster with it': /^simulate$/,
  'test/cli/requests/universe-requests.test.ts has it ask a repository and a registry':
    /^universe:(mirror|publish)$/,
  'opens a page, or reads and writes what is kept of clusters here':
    /^(open|auth:logout|cluster:(attach|import|open|remove|rename)|config:(keys|set|show|unset)|plugin:(list|remove))$/,
  'test/cli/complaints.test.ts and test/e2e/alone.test.ts run servers of this machine, which are no cluster of others':
    /^(agent|down|jobs|marathon|master|packages|quickstart|router|service:run|status|up|cluster:token)$/,
  'is about files of a package, and asks nobody':
    /^(completion|reference|universe:(build|init|keygen|lint|new|render|serve|sign|test))$/,
};

/** The command that words name: the longest id that they begin with. */
export const commandOf = (words: readonly string[], ids: readonly string[]): string | undefined =>
  ids
    .filter((id) => id.split(':').every((part, index) => words[index] === part))
    .sort((one, other) => other.length - one.length)[0];

/** The commands with a case of their own. */
export const commandsOfCases = (cases: readonly RequestCase[], ids: readonly string[]): Set<string> =>
  known(cases.map(({ line }) => commandOf(line.split(' '), ids)));

/** The commands that make the same requests as the original, by its recordings. */
export const commandsOfRecordings = (files: readonly string[], ids: readonly string[]): Set<string> =>
  known(
    files
      .flatMap(readRecordings)
      .filter(holdsRequests)
      .flatMap(({ command }) => command.split(/ *(?:&&|;|\|) */))
      .filter((call) => call.startsWith('dcos '))
      .map((call) => commandOf(call.split(' ').slice(1), ids)),
  );

/** A recording whose changes, or reads where nothing is changed, may not differ. */
const holdsRequests = ({ name, command, input, requests }: Recording): boolean => {
  const title = `${name} ${command}${input === undefined ? '' : ` ${input.trim()}`}`;
  const allowed = DIFFERENCES.filter(({ calls }) => calls.test(title)).flatMap(({ aspects }) => aspects);
  const aspect = requests.every(isRead) ? 'reads' : 'changes';
  return requests.length > 0 && !allowed.includes(aspect);
};

const known = (ids: readonly (string | undefined)[]): Set<string> =>
  new Set(ids.filter((id) => id !== undefined));
