import { HttpError } from '../../http/http-error.ts';
import type { Router } from '../../http/router.ts';
import type { Call } from '../../mesos/generated/agent.ts';
import type { ResourceProviderInfo } from '../../mesos/generated/mesos.ts';
import type { Permission } from './permission.ts';

/**
 * What an agent without resource providers says to those who ask for them (mesos.md 3.8): the answers of a Mesos agent that
 * was built without CSI, whose only local type of providers needs it.
 */

export type ProviderCall = Extract<
  Call,
  { type: `${string}_RESOURCE_PROVIDER_CONFIG` | 'MARK_RESOURCE_PROVIDER_GONE' }
>;

export const isAboutProvider = (call: Call): call is ProviderCall =>
  call.type === 'MARK_RESOURCE_PROVIDER_GONE' || call.type.endsWith('_RESOURCE_PROVIDER_CONFIG');

/**
 * Carries the call out: what is to be removed is not there, so that this has nothing to do, as in Mesos. Throws HttpError 400
 * for a call without its body and for what no agent can start, 403 without leave.
 */
export const performProviderCall = (call: Partial<ProviderCall>, { demand }: Permission): void => {
  switch (call.type) {
    case 'ADD_RESOURCE_PROVIDER_CONFIG': {
      const config = present(call.add_resource_provider_config, 'add_resource_provider_config');
      requireNoId(config.info, 'add_resource_provider_config');
      demand('modify_resource_provider_configs');
      throw unknownType(config.info);
    }
    case 'UPDATE_RESOURCE_PROVIDER_CONFIG': {
      const config = present(call.update_resource_provider_config, 'update_resource_provider_config');
      requireNoId(config.info, 'update_resource_provider_config');
      demand('modify_resource_provider_configs');
      throw unknownType(config.info);
    }
    case 'REMOVE_RESOURCE_PROVIDER_CONFIG':
      present(call.remove_resource_provider_config, 'remove_resource_provider_config');
      demand('modify_resource_provider_configs');
      break;
    case 'MARK_RESOURCE_PROVIDER_GONE':
      present(call.mark_resource_provider_gone, 'mark_resource_provider_gone');
      demand('mark_resource_providers_gone');
      break;
  }
};

const present = <Body>(body: Body | undefined, field: string): Body => {
  if (body === undefined) throw invalid(`Expecting '${field}' to be present`);
  return body;
};

/** Ids are the agent's to give. */
const requireNoId = ({ id }: ResourceProviderInfo, field: string): void => {
  if (id !== undefined) throw invalid(`Expecting '${field}.info.id' to be unset`);
};

const invalid = (problem: string): HttpError =>
  new HttpError(400, `Failed to validate agent::Call: ${problem}`);

const unknownType = ({ type, name }: ResourceProviderInfo): HttpError =>
  new HttpError(
    400,
    `Failed to validate resource provider config with type '${type}' and name '${name}': Unknown local resource provider type '${type}'`,
  );

/** The path that providers subscribe at; an agent of Mesos that has no use for them answers it so, too. */
export const addProviderRoutes = (router: Router): void => {
  for (const prefix of ['', '/slave(1)']) {
    router.on('POST', `${prefix}/api/v1/resource_provider`, () => {
      throw new HttpError(503, '503 Service Unavailable.');
    });
  }
};
