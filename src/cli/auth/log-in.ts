import { createPrivateKey, sign } from 'node:crypto';
import type { AuthClient, LoginProvider } from '../../clients/auth-client.ts';
import { CliError } from '../errors/cli-error.ts';
import { askSecret, askText, chooseOne } from '../output/prompt.ts';
import type { Terminal } from '../output/terminal.ts';

/** What somebody gave to log in with; what is missing is asked for, where there is a terminal. */
export interface GivenCredentials {
  readonly providerId: string | undefined;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** In PEM, of a service account. */
  readonly privateKey: string | undefined;
}

const LOGIN_PATH = '/acs/api/v1/auth/login';
const SERVICE_LOGIN_SECONDS = 300;

type Kind = 'password' | 'service-key' | 'browser-token' | 'browser-id-token';

const KINDS: Readonly<Record<string, Kind>> = {
  'dcos-usercredential-post-receive-authtoken': 'password',
  'dcos-credential-post-receive-authtoken': 'password',
  'dcos-servicecredential-post-receive-authtoken': 'service-key',
  'browser-prompt-authtoken': 'browser-token',
  'browser-prompt-oidcidtoken-get-authtoken': 'browser-id-token',
};

interface Candidate {
  readonly id: string;
  readonly provider: LoginProvider;
  readonly kind: Kind;
}

/** Logs in as the cluster wants it (cli.md 13.6). Gives the token; undefined where nobody needs one. Throws CliError and ApiError. */
export const logIn = async (
  auth: AuthClient,
  given: GivenCredentials,
  { terminal, nowMs }: { terminal: Terminal; nowMs: number },
): Promise<string | undefined> => {
  const demand = await auth.getDemand();
  if (demand.type === 'none') return undefined;
  const providers = await auth.getProviders(demand.challenge);
  const { provider, kind } = await chooseProvider(providers, given, terminal);
  const path = provider.config?.start_flow_url ?? LOGIN_PATH;
  switch (kind) {
    case 'password': {
      const uid = given.username ?? (await askText(terminal, { message: 'Username:', flag: '--username' }));
      const password =
        given.password ?? (await askSecret(terminal, { message: 'Password:', flag: '--password-file' }));
      return auth.logIn(path, { uid, password });
    }
    case 'service-key': {
      const uid =
        given.username ?? (await askText(terminal, { message: 'Service account:', flag: '--username' }));
      return auth.logIn(LOGIN_PATH, { uid, token: serviceToken(uid, given.privateKey ?? '', nowMs) });
    }
    case 'browser-token':
    case 'browser-id-token': {
      terminal.err.write(`Log in with a browser at ${auth.pageUrl(path)}\n`);
      const token = await askSecret(terminal, {
        message: 'Token from the browser:',
        flag: 'PLENUM_TOKEN',
      });
      if (kind === 'browser-id-token') return auth.logIn(LOGIN_PATH, { token });
      if (await auth.isTokenGood(token)) return token;
      throw new CliError('refused', 'The cluster does not take this token', {
        hint: 'Copy it whole from the page of the login',
      });
    }
  }
};

/** Throws CliError when none will do. */
const chooseProvider = async (
  providers: Readonly<Record<string, LoginProvider>>,
  given: GivenCredentials,
  terminal: Terminal,
): Promise<Candidate> => {
  const all = Object.entries(providers).flatMap(([id, provider]) => {
    const kind = KINDS[provider['client-method']];
    return kind === undefined ? [] : [{ id, provider, kind }];
  });
  if (given.providerId !== undefined) {
    const asked = all.find(({ id }) => id === given.providerId);
    if (asked) return asked;
    throw new CliError('not-found', `The cluster has no login ${given.providerId}`, {
      hint: 'plenum auth list-providers shows those that it has',
    });
  }
  const fitting = all.filter(({ kind }) => fits(kind, given));
  const [only, ...others] = fitting;
  if (only === undefined) throw new CliError('failed', 'The cluster has no login that what was given is for');
  if (others.length === 0 || given.username !== undefined) return only;
  return chooseOne(terminal, {
    message: 'How do you want to log in?',
    flag: '--provider',
    choices: fitting.map((candidate) => ({
      name: candidate.provider.description ?? candidate.id,
      value: candidate,
    })),
  });
};

/** A key is for service accounts alone, a name or a password for people who have one. */
const fits = (kind: Kind, { privateKey, username, password }: GivenCredentials): boolean => {
  if (privateKey !== undefined) return kind === 'service-key';
  if (username !== undefined || password !== undefined) return kind === 'password';
  return kind !== 'service-key';
};

/** What a service account shows of itself: a JSON Web Token under its own key, good for five minutes. */
const serviceToken = (uid: string, privateKey: string, nowMs: number): string => {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const exp = Math.floor(nowMs / 1000) + SERVICE_LOGIN_SECONDS;
  const content = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ uid, exp })}`;
  try {
    return `${content}.${sign('sha256', Buffer.from(content), createPrivateKey(privateKey)).toString('base64url')}`;
  } catch (cause) {
    throw new CliError('usage', 'The private key cannot be used', { hint: 'It is a file in PEM', cause });
  }
};

/** When a token expires, in ms since the epoch; undefined for one that does not say. */
export const expiryOf = (token: string): number | undefined => {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    const { exp } = claims as { exp?: unknown };
    return typeof exp === 'number' ? exp * 1000 : undefined;
  } catch {
    // A token need not be a JSON Web Token.
    return undefined;
  }
};
