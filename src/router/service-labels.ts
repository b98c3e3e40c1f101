import { isIP } from 'node:net';
import { TEMPLATES, type TemplateName, type Templates } from './templates.ts';

/** What an app's labels `HAPROXY_…` say of one of its ports (marathon.md 4.1). */
export interface ServiceLabels {
  readonly groups: readonly string[];
  readonly isEnabled: boolean;
  readonly vhosts: readonly string[];
  readonly paths: readonly string[];
  /** Listened at instead of the service port. */
  readonly port?: number;
  readonly mode?: 'http' | 'tcp';
  readonly balance: string;
  readonly isSticky: boolean;
  readonly redirectsToHttps: boolean;
  readonly usesHsts: boolean;
  /** A PEM file; the service's own port then speaks TLS. */
  readonly certificate?: string;
  readonly bindAddress?: string;
  readonly bindOptions?: string;
  readonly basicAuth?: { readonly realm: string; readonly user: string; readonly encryptedPassword: string };
  /** Services whose weight is higher are asked first. */
  readonly weight: number;
  readonly allowedNetworks: readonly string[];
  readonly healthCheckPortIndex?: number;
  readonly proxyPassPath?: string;
  readonly reverseProxyPath?: string;
  readonly redirectPath?: string;
  readonly templates: Partial<Templates>;
}

export interface LabelContext {
  readonly labels: Readonly<Record<string, string>>;
  readonly index: number;
  /** Takes a note of a label that cannot be used, and why. */
  readonly complain: (message: string) => void;
}

/**
 * Reads the labels of the index-th port. Whatever ends up in HAProxy's configuration is held against a pattern first, so that
 * no label can say more than its name allows; what cannot be used is complained of and counts as not given. Templates are
 * taken as they are: whether they may is for the caller to decide.
 */
export const readServiceLabels = ({ labels, index, complain }: LabelContext): ServiceLabels => {
  const name = (suffix: string): string => `HAPROXY_${index}_${suffix}`;
  const text = (suffix: string, { pattern, expected }: Shape): string | undefined => {
    const value = labels[name(suffix)]?.trim();
    if (value === undefined || value === '') return undefined;
    if (pattern.test(value)) return value;
    complain(`${name(suffix)} is ${JSON.stringify(value)}, expected ${expected}`);
    return undefined;
  };
  const number = (suffix: string): number | undefined => {
    const value = text(suffix, SHAPES.number);
    return value === undefined ? undefined : Number(value);
  };
  const list = (suffix: string, { pattern, expected }: Shape): readonly string[] =>
    (labels[name(suffix)] ?? '')
      .split(/[\s,]+/)
      .filter((part) => part !== '')
      .filter((part) => {
        if (pattern.test(part)) return true;
        complain(`${name(suffix)} has ${JSON.stringify(part)}, expected ${expected}`);
        return false;
      });
  const truth = (suffix: string): boolean => TRUE.test(labels[name(suffix)] ?? '');
  const vhosts = list('VHOST', SHAPES.host);
  const paths = list('PATH', SHAPES.path);
  if (paths.length > 0 && vhosts.length === 0) complain(`${name('PATH')} needs ${name('VHOST')}`);
  const mode = text('MODE', SHAPES.mode)?.toLowerCase();
  const auth = text('AUTH', SHAPES.auth)?.split(':');
  return defined({
    groups: (labels[name('GROUP')] ?? labels.HAPROXY_GROUP ?? '')
      .split(/[\s,]+/)
      .filter((part) => part !== ''),
    isEnabled: truth('ENABLED'),
    vhosts,
    paths: vhosts.length > 0 ? paths : [],
    port: portOf(number('PORT'), (value) => complain(`${name('PORT')} is ${value}, expected 1 to 65535`)),
    mode: mode === 'http' || mode === 'tcp' ? mode : undefined,
    balance: text('BALANCE', SHAPES.balance) ?? 'roundrobin',
    isSticky: truth('STICKY'),
    redirectsToHttps: truth('REDIRECT_TO_HTTPS'),
    usesHsts: truth('USE_HSTS'),
    certificate: text('SSL_CERT', SHAPES.file),
    bindAddress: addressOf(text('BIND_ADDR', SHAPES.line), (value) =>
      complain(`${name('BIND_ADDR')} is ${JSON.stringify(value)}, expected an IP address or *`),
    ),
    bindOptions: text('BIND_OPTIONS', SHAPES.bindOptions),
    basicAuth: auth && {
      realm: auth[0] ?? '',
      user: auth[1] ?? '',
      encryptedPassword: auth.slice(2).join(':'),
    },
    weight: number('BACKEND_WEIGHT') ?? (paths.length > 0 ? 1 : 0),
    allowedNetworks: list('BACKEND_NETWORK_ALLOWED_ACL', SHAPES.network),
    healthCheckPortIndex: number('BACKEND_HEALTHCHECK_PORT_INDEX'),
    proxyPassPath: text('HTTP_BACKEND_PROXYPASS_PATH', SHAPES.path),
    reverseProxyPath: text('HTTP_BACKEND_REVPROXY_PATH', SHAPES.path),
    redirectPath: text('HTTP_BACKEND_REDIR', SHAPES.path),
    templates: templatesOf(labels, index),
  });
};

interface Shape {
  readonly pattern: RegExp;
  readonly expected: string;
}

const SHAPES = {
  number: { pattern: /^\d{1,9}$/, expected: 'a whole number' },
  host: { pattern: /^(\*\.)?[A-Za-z0-9_]([A-Za-z0-9_.-]{0,252})$/, expected: 'a host name' },
  path: { pattern: /^\/[A-Za-z0-9._~!$&*+,;=:@%/-]*$/, expected: 'a path such as /api' },
  mode: { pattern: /^(http|tcp)$/i, expected: 'http or tcp' },
  auth: {
    pattern: /^[A-Za-z0-9 ._-]+:[A-Za-z0-9._@-]+:[A-Za-z0-9./$=+]+$/,
    expected: 'realm:user:encrypted password',
  },
  balance: {
    pattern: /^[a-z_-]+(\([A-Za-z0-9_,.-]*\))?( [A-Za-z0-9_(),.-]+){0,6}$/,
    expected: "one of HAProxy's balance algorithms",
  },
  file: { pattern: /^[A-Za-z0-9_./@+-]+$/, expected: 'the path of a file' },
  bindOptions: {
    pattern: /^[A-Za-z0-9_:,.@!+-]+( [A-Za-z0-9_:,.@!+-]+)*$/,
    expected: "options of HAProxy's bind",
  },
  network: { pattern: /^[0-9a-fA-F.:]+(\/\d{1,3})?$/, expected: 'a network such as 10.0.0.0/8' },
  line: { pattern: /^\P{Cc}*$/u, expected: 'one line' },
} satisfies Readonly<Record<string, Shape>>;

const TRUE = /^(true|t|yes|y)$/i;

const portOf = (value: number | undefined, refuse: (value: number) => void): number | undefined => {
  if (value === undefined || (value > 0 && value < 65_536)) return value;
  refuse(value);
  return undefined;
};

const addressOf = (value: string | undefined, refuse: (value: string) => void): string | undefined => {
  if (value === undefined || value === '*' || isIP(value) !== 0) return value;
  refuse(value);
  return undefined;
};

const templatesOf = (labels: Readonly<Record<string, string>>, index: number): Partial<Templates> => {
  const given: Partial<Record<TemplateName, string>> = {};
  for (const name of Object.keys(TEMPLATES) as TemplateName[]) {
    const value = labels[`HAPROXY_${index}_${name}`];
    if (value !== undefined) given[name] = value;
  }
  return given;
};

type Defined<Value> = { [Key in keyof Value]: Exclude<Value[Key], undefined> };

/** Leaves out what is undefined. */
const defined = <Value extends object>(value: Value): Defined<Value> =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Defined<Value>;
