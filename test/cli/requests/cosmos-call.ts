import type { ExpectedRequest } from './request-case.ts';

const ERROR = 'application/vnd.dcos.package.error+json;charset=utf-8;version=v1';

const call =
  (family: 'package' | 'service', folder: string) =>
  (operation: string, body: unknown, version = 'v1'): ExpectedRequest => {
    const type = (direction: string, of: string): string =>
      `application/vnd.dcos.${family}.${operation}-${direction}+json;charset=utf-8;version=${of}`;
    return {
      request: `POST ${folder}/${operation.replace('.', '/')}`,
      body,
      headers: {
        'content-type': type('request', 'v1'),
        accept: `${type('response', version)}, ${ERROR}`,
      },
    };
  };

/** A call of Cosmos about packages and repositories: the media types name the operation, and the version of its answer. */
export const packageCall = call('package', '/package');

/** One about a service that was installed. */
export const serviceCall = call('service', '/cosmos/service');
