/** A media type with its parameters, as far as this API tells types apart by them. */
export interface MediaType {
  /** `application/vnd.dcos.package.search-request+json`, in lower case. */
  readonly name: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** `application/vnd.dcos.package.NAME+json;charset=utf-8;version=vN`, as it is written in headers. */
export const packageType = (name: string, version = 1): string =>
  `application/vnd.dcos.package.${name}+json;charset=utf-8;version=v${version}`;

/** The same for what is said about services. */
export const serviceType = (name: string, version = 1): string =>
  `application/vnd.dcos.service.${name}+json;charset=utf-8;version=v${version}`;

export const CAPABILITIES_TYPE = 'application/vnd.dcos.capabilities+json;charset=utf-8;version=v1';
export const ERROR_TYPE = packageType('error');

/** Parses one media type; undefined when it is none. */
export const parseMediaType = (text: string): MediaType | undefined => {
  const [name = '', ...rest] = text.split(';').map((part) => part.trim());
  if (!/^[\w.+*-]+\/[\w.+*-]+$/.test(name)) return undefined;
  const parameters = rest.flatMap((part): [string, string][] => {
    const [key = '', value = ''] = part.split('=').map((side) => side.trim());
    return key === '' ? [] : [[key.toLowerCase(), value.replace(/^"(.*)"$/, '$1').toLowerCase()]];
  });
  return { name: name.toLowerCase(), parameters: Object.fromEntries(parameters) };
};

/** Whether a type is the wanted one; further parameters are tolerated. */
export const isOfType = (given: MediaType, wanted: string): boolean => {
  const type = parseMediaType(wanted);
  if (type === undefined || given.name !== type.name) return false;
  return Object.entries(type.parameters).every(([key, value]) => given.parameters[key] === value);
};

/**
 * Chooses from an Accept header what is answered with (reference 2.1): by quality, then by name, then by the number of
 * parameters; a type without parameters takes those of the next one that has some. Wildcards are not understood.
 * Gives undefined when nothing that can be produced is accepted.
 */
export const negotiate = (accept: string, producible: readonly string[]): string | undefined => {
  const listed = accept.split(',').flatMap((text) => parseMediaType(text) ?? []);
  const ranked = listed
    .map((type, index) => withInherited(type, listed.slice(index + 1)))
    .map(({ name, parameters: { q = '1', ...parameters } }) => ({ name, parameters, quality: Number(q) }))
    .filter(({ quality }) => quality > 0)
    .sort(
      (a, b) =>
        b.quality - a.quality ||
        compare(a.name, b.name) ||
        Object.keys(b.parameters).length - Object.keys(a.parameters).length,
    );
  for (const type of ranked) {
    const found = producible.find((candidate) => isOfType(type, candidate));
    if (found !== undefined) return found;
  }
  return undefined;
};

const withInherited = (type: MediaType, following: readonly MediaType[]): MediaType => {
  if (Object.keys(type.parameters).length > 0) return type;
  const next = following.find(({ parameters }) => Object.keys(parameters).length > 0);
  return next ? { ...type, parameters: next.parameters } : type;
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
