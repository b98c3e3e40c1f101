import { CliError } from '../errors/cli-error.ts';

/** An id with its first slash and without one at the end: what Marathon's answers say. */
export const absoluteId = (id: string): string => `/${id.replace(/^\/+|\/+$/g, '')}`;

/** Throws CliError for what no app can be called. */
export const checkedAppId = (id: string): string => {
  const absolute = absoluteId(id);
  if (absolute === '/') throw new CliError('usage', 'The id of an app is expected, such as /web');
  return absolute;
};

/** The id that a relative one means within a group, `.` and `..` included. */
export const resolveId = (id: string, group = '/'): string => {
  const segments = id.startsWith('/') ? [] : group.split('/').filter(Boolean);
  for (const segment of id.split('/').filter(Boolean)) {
    if (segment === '..') segments.pop();
    else if (segment !== '.') segments.push(segment);
  }
  return `/${segments.join('/')}`;
};
