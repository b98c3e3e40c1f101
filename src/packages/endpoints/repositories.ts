import type { HttpError } from '../../http/http-error.ts';
import type { Repository } from '../../universe/catalog/catalog.ts';
import type { JsonObject } from '../../universe/json/json.ts';
import { REPOSITORY_MEDIA_TYPES } from '../../universe/sources/http-reader.ts';
import { RepositoryError } from '../../universe/sources/repository-error.ts';
import { redactUri } from '../../universe/sources/repository-uri.ts';
import { cosmosError } from '../api/cosmos-error.ts';
import type { Endpoint } from '../api/endpoint.ts';
import { packageType } from '../api/media-type.ts';
import type { PackageServices } from '../package-services.ts';
import type { RepositoryStatus } from '../repositories/repository-cache.ts';

const answerOf = (statuses: readonly RepositoryStatus[]): JsonObject => ({
  repositories: statuses.map(
    ({ repository, state, problem, packageProblems, packageCount, confirmedAtMs, commit, digest }) => ({
      name: repository.name,
      uri: repository.uri,
      state,
      problem: problem ?? null,
      packages: packageCount,
      confirmedAt: confirmedAtMs === undefined ? null : new Date(confirmedAtMs).toISOString(),
      commit: commit ?? null,
      digest: digest ?? null,
      key: repository.key ?? null,
      packageProblems:
        packageProblems.length > 0 ? packageProblems.map(({ where, message }) => ({ where, message })) : null,
    }),
  ),
});

/** POST /package/repository/list (reference 2.13), with how each repository is doing. */
export const listRepositories = ({ cache }: PackageServices): Endpoint => ({
  requestType: packageType('repository.list-request'),
  responseTypes: [packageType('repository.list-response')],
  mayBeEmpty: true,
  answer: async () => {
    await cache.view();
    return answerOf(cache.statuses());
  },
});

/**
 * POST /package/repository/add (reference 2.13): a repository that cannot be read is not added, and neither is one that is
 * not signed by `key`, where the request has one.
 */
export const addRepository = ({ cache, repositories }: PackageServices): Endpoint => ({
  requestType: packageType('repository.add-request'),
  responseTypes: [packageType('repository.add-response')],
  answer: async ({ fields }) => {
    const repository = {
      name: fields.text('name'),
      uri: fields.text('uri'),
      key: fields.optionalText('key'),
    };
    const index = fields.optionalInteger('index');
    repositories.check(repository, index);
    try {
      await cache.probe(repository);
    } catch (error) {
      throw error instanceof RepositoryError ? repositoryError(error, repository) : error;
    }
    await repositories.add(repository, index);
    return answerOf(cache.statuses());
  },
});

/** POST /package/repository/delete (reference 2.13). */
export const deleteRepository = ({ cache, repositories }: PackageServices): Endpoint => ({
  requestType: packageType('repository.delete-request'),
  responseTypes: [packageType('repository.delete-response')],
  answer: async ({ fields }) => {
    await repositories.remove({ name: fields.optionalText('name'), uri: fields.optionalText('uri') });
    return answerOf(cache.statuses());
  },
});

const repositoryError = (error: RepositoryError, { name, uri }: Repository): HttpError => {
  const shown = redactUri(uri);
  const repository = { name, uri: shown };
  const message = `Repository [${name}]: ${error.message}`;
  const actual = error.actual === undefined ? {} : { actual: error.actual };
  switch (error.problem) {
    case 'bad-uri':
      return cosmosError('UnsupportedRepositoryUri', error.message, { data: { uri: shown } });
    case 'bad-status':
      return cosmosError('UniverseClientHttpError', message, {
        data: { packageRepository: repository, method: 'GET', clientStatus: error.status ?? 0, status: 400 },
      });
    case 'bad-redirect':
      return cosmosError('UnsupportedRedirect', message, {
        data: { supported: ['http', 'https'], ...actual },
      });
    case 'bad-encoding':
      return cosmosError('UnsupportedContentEncoding', message, { data: { supported: ['gzip'], ...actual } });
    case 'bad-content-type':
      return cosmosError('UnsupportedContentType', message, {
        data: { supported: REPOSITORY_MEDIA_TYPES, ...actual },
      });
    case 'bad-content':
    case 'bad-signature':
      return cosmosError('RepositoryContent', message, { data: { repository } });
    case 'unreachable':
      return cosmosError('RepositoryUriConnection', message, { data: { repository, cause: error.message } });
  }
};
