import { ask } from './request.ts';

/** The names of the secrets that apps can be given; values are never asked for here. Throws ServerError. */
export const listSecrets = async (): Promise<readonly string[]> =>
  (await ask<{ array: string[] }>('/secrets/v1/secret/default')).array;
