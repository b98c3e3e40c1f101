import type { ApiError } from '../../clients/api-error.ts';
import type { Outcome } from './exit-codes.ts';
import type { Explanation } from './explain-error.ts';

/** What the types of the package service's errors (universe.md 2.15) mean, where its status says less. */
const OUTCOMES_BY_TYPE: Readonly<Record<string, Outcome>> = {
  PackageNotFound: 'not-found',
  VersionNotFound: 'not-found',
  PackageNotInstalled: 'not-found',
  UninstallNonExistentAppForPackage: 'not-found',
  MarathonAppNotFound: 'not-found',
  HistoryEntryNotFound: 'not-found',
  RepositoryNotPresent: 'not-found',
  PackageAlreadyInstalled: 'conflict',
  RepositoryAlreadyPresent: 'conflict',
  AmbiguousAppId: 'conflict',
  ConcurrentAccess: 'conflict',
  UninstallInProgress: 'conflict',
  DefinitionMismatch: 'conflict',
};

const OUTCOMES_BY_STATUS: Readonly<Record<number, Outcome>> = {
  401: 'refused',
  403: 'refused',
  404: 'not-found',
  409: 'conflict',
  // What stands in front of a part says that the part does not answer.
  502: 'no-cluster',
  504: 'no-cluster',
};

const HINTS_BY_TYPE: Readonly<Record<string, string>> = {
  PackageNotFound: 'plenum package search lists what there is',
  JsonSchemaMismatch: 'plenum package describe NAME --config shows the options and their rules',
  VersionNotFound: 'plenum package describe NAME --package-versions lists the versions',
  PackageNotInstalled: 'plenum package list shows what is installed',
  HistoryEntryNotFound: 'plenum package history NAME lists what there is',
  BadVersionUpdate: 'Go by way of a version that may follow, or install the other one beside it',
  OptionsNotStored: 'Give all options anew with --replace',
  DataCannotBeKept: 'Leave out --keep-data to remove it with its data',
  AppIdChanged: 'The name of a service stays as long as it is installed: install another one beside it',
  PackageAlreadyInstalled:
    'Install it a second time under another name with --app-id ID or the option service.name',
  AmbiguousAppId: 'Name one with --app-id ID, or take all with --all',
  RepositoryNotPresent: 'plenum package repo list shows the repositories',
};

/** Marathon's codes for what does not fit its schema (marathon.md 1.2), in words. */
const SCHEMA_CODES: Readonly<Record<string, string>> = {
  'error.expected.jsstring': 'must be a string',
  'error.expected.jsnumber': 'must be a number',
  'error.expected.jsarray': 'must be an array',
  'error.expected.jsobject': 'must be an object',
  'error.expected.jsboolean': 'must be true or false',
  'error.expected.date.isoformat': 'must be an ISO 8601 time',
  'error.path.missing': 'is missing',
  'error.min': 'is too small',
  'error.max': 'is too large',
  'error.minLength': 'is too short',
  'error.maxLength': 'is too long',
  'error.pattern': 'has the wrong form',
  'error.unknown.enum.literal': 'is none of the values that are possible',
};

export const explainApiError = (error: ApiError): Explanation => ({
  outcome: outcomeOf(error),
  message: error.message,
  details: [
    ...error.details.flatMap(({ path, message, facts = [] }) => [
      `${path}: ${inWords(message)}`,
      ...(facts.length === 0 ? [] : [`    ${facts.join('; ')}`]),
    ]),
    ...error.deploymentIds.map((id) => `deployment ${id} is under way`),
  ],
  hint: hintOf(error),
  stack: error.stack,
});

const outcomeOf = ({ kind, status = 0, type = '' }: ApiError): Outcome => {
  if (kind === 'unreachable') return 'no-cluster';
  if (kind === 'timed-out') return 'timed-out';
  return OUTCOMES_BY_TYPE[type] ?? OUTCOMES_BY_STATUS[status] ?? 'failed';
};

const inWords = (message: string): string => {
  const words = SCHEMA_CODES[message];
  return words === undefined ? message : `${words} (${message})`;
};

const hintOf = ({ kind, status, type, nearest, deploymentIds }: ApiError): string | undefined => {
  if (kind === 'unreachable')
    return 'plenum status tells how the local cluster is, plenum cluster list where the others are';
  if (kind === 'timed-out') return 'Give it longer with --timeout';
  if (deploymentIds.length > 0) {
    return `Wait for it: plenum marathon deployment watch ${deploymentIds[0]}; or give it up with --force`;
  }
  if (nearest !== undefined) return `Did you mean ${nearest}?`;
  if (type !== undefined) return HINTS_BY_TYPE[type];
  if (status === 401)
    return 'The cluster asks for a login, or the token has expired: plenum auth login, or PLENUM_TOKEN';
  return undefined;
};
