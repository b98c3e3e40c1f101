import { ApiError, type ApiErrorDetail } from '../../clients/api-error.ts';
import { cosmosError } from '../api/cosmos-error.ts';

/**
 * The API's error for what Marathon answered to a change (reference 2.7); anything else is given back as it is. A 409
 * with the ids of deployments is a lock, not an app that exists already.
 */
export const marathonError = (error: unknown): unknown => {
  if (!(error instanceof ApiError)) return error;
  const { kind, status = 0, message, details, deploymentIds } = error;
  const data = { marathonStatus: status, status };
  if (kind !== 'refused') return serviceUnavailable('marathon', error);
  if (status === 401)
    return cosmosError('Unauthorized', message, { status, data: { serviceName: 'marathon', status } });
  if (status === 403)
    return cosmosError('Forbidden', message, { status, data: { serviceName: 'marathon', status } });
  if (status === 409 && deploymentIds.length === 0) {
    return cosmosError('PackageAlreadyInstalled', 'Package is already installed', { status, cause: error });
  }
  if (status >= 500) {
    return cosmosError(
      'MarathonBadGateway',
      `Received response status code ${status} from Marathon: ${message}`,
      {
        status: 502,
        data: { ...data, status: 502 },
        cause: error,
      },
    );
  }
  if (!error.isOwnForm) {
    return cosmosError(
      'MarathonGenericError',
      `Received response status code ${status} from Marathon: ${message}`,
      { status: 500, data: { ...data, status: 500 }, cause: error },
    );
  }
  const errors = detailsOf(details);
  return cosmosError('MarathonBadResponse', message, { data: { errors }, cause: error });
};

/** As Marathon lists them: all that is wrong with a place in one entry. */
const detailsOf = (details: readonly ApiErrorDetail[]): { path: string; errors: string[] }[] =>
  [...new Set(details.map(({ path }) => path))].map((path) => ({
    path,
    errors: details.filter((detail) => detail.path === path).map(({ message }) => message),
  }));

/** A server of the cluster that does not answer. */
export const serviceUnavailable = (serviceName: string, error: ApiError): unknown =>
  cosmosError('ServiceUnavailable', `Service [${serviceName}] is unavailable: ${error.message}`, {
    status: 503,
    data: { serviceName, status: 503 },
    cause: error,
  });
