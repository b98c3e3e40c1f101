import type { ApiErrorDetail } from './api-error.ts';
import type { ErrorReader } from './call.ts';

/** A media type of the package service (universe.md 2.2), about packages or about the services they run as. */
export const mediaType = (name: string, version: number, about: 'package' | 'service' = 'package'): string =>
  `application/vnd.dcos.${about}.${name}+json;charset=utf-8;version=v${version}`;

export const ERROR_MEDIA_TYPE = mediaType('error', 1);

/**
 * The errors of the package service (universe.md 2.15): a type, a message, and data by type. What is wrong with options
 * (JsonSchemaMismatch) or with the app that they make (MarathonBadResponse) is listed in the data.
 */
export const readCosmosError: ErrorReader = (body) => {
  if (typeof body !== 'object' || body === null) return {};
  const { type, message, data } = body as Readonly<Record<string, unknown>>;
  const { errors, nearest } = (typeof data === 'object' && data !== null ? data : {}) as Readonly<
    Record<string, unknown>
  >;
  return {
    ...(typeof type === 'string' ? { type } : {}),
    message: typeof message === 'string' ? message : '',
    details: Array.isArray(errors) ? errors.flatMap(readDetail) : [],
    ...(typeof nearest === 'string' ? { nearest } : {}),
  };
};

const readDetail = (error: unknown): ApiErrorDetail[] => {
  if (typeof error === 'string') return [{ path: '/', message: error }];
  if (typeof error !== 'object' || error === null) return [];
  const { path, instance, message, errors, level, ...more } = error as Readonly<Record<string, unknown>>;
  // The list carries the validator's warnings too, which are no reason for a refusal.
  if (level === 'warning') return [];
  const place = typeof path === 'string' ? path : pointerOf(instance);
  if (Array.isArray(errors)) return errors.map((one) => ({ path: place, message: String(one) }));
  return typeof message === 'string' ? [{ path: place, message, facts: factsOf(more) }] : [];
};

/** The rule is the validator's; value, description and nearest are told by Plenum's own service only. */
const factsOf = ({ keyword, value, description }: Readonly<Record<string, unknown>>): string[] => [
  ...(typeof keyword === 'string' ? [`rule ${keyword}`] : []),
  ...(value === undefined || (typeof value === 'object' && value !== null)
    ? []
    : [`value ${JSON.stringify(value)}`]),
  ...(typeof description === 'string' && description !== '' ? [description] : []),
];

/** The validator of Cosmos says where by `instance: {"pointer": "/service/name"}`. */
const pointerOf = (instance: unknown): string => {
  const { pointer } = (typeof instance === 'object' && instance !== null ? instance : {}) as {
    pointer?: unknown;
  };
  return typeof pointer === 'string' && pointer !== '' ? pointer : '/';
};
