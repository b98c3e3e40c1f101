/** Where Marathon's API is, behind the gateway. */
export const MARATHON = '/service/marathon/v2';

/** The id of an app or a pod as a part of an address. */
export const pathOfId = (id: string): string =>
  id
    .replace(/^\/+|\/+$/g, '')
    .split('/')
    .map(encodeURIComponent)
    .join('/');
