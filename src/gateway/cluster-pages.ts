import { readJson } from '../http/body.ts';
import { HttpError } from '../http/http-error.ts';
import { send, sendJson } from '../http/respond.ts';
import type { Router } from '../http/router.ts';
import type { AgentDirectory } from './agent-directory.ts';

export interface ClusterFacts {
  /** A version 4 UUID in lower case, which the older DC/OS command lines insist on. */
  readonly clusterId: string;
  readonly clusterName: string;
  /** Address of the control plane. */
  readonly host: string;
  /** Plenum's own version. */
  readonly version: string;
  /** Gives a token to who logs in; undefined when name and password are wrong. Without it nobody needs to. */
  readonly logIn?: ((name: string, password: string) => string | undefined) | undefined;
  /** The cluster's authority in PEM, for those who do not trust it yet. */
  readonly authority?: string | undefined;
}

/** The DC/OS release whose paths and formats are served; clients choose by it what they ask for. */
const DCOS_VERSION = '2.2.0';

const LOGIN_LIMIT_BYTES = 16 * 1024;

/** How the DC/OS command line is told to ask for a name and a password (cli.md 17.5). */
const PASSWORD_PROVIDER = {
  'dcos-users': {
    'authentication-type': 'dcos-uid-password',
    'client-method': 'dcos-usercredential-post-receive-authtoken',
    config: { start_flow_url: '/acs/api/v1/auth/login' },
    description: 'A principal of this cluster and its password, or any name and a token',
  },
};

const LEADERS = new Set(['leader.mesos', 'master.mesos', 'marathon.mesos']);

/** Adds what a DC/OS cluster says about itself (cli.md 17.1, 17.5). */
export const addClusterPages = (router: Router, facts: ClusterFacts, agents: AgentDirectory): void => {
  const { clusterId, clusterName, host, version, logIn, authority } = facts;
  router
    .on('GET', '/metadata', ({ response }) =>
      sendJson(response, 200, { PUBLIC_IPV4: host, CLUSTER_ID: clusterId }),
    )
    .on('GET', '/dcos-metadata/dcos-version.json', ({ response }) =>
      sendJson(response, 200, {
        version: DCOS_VERSION,
        'dcos-variant': 'open',
        'dcos-image-commit': '',
        'bootstrap-id': '',
        'plenum-version': version,
      }),
    )
    .on('GET', '/dcos-metadata/ui-config.json', ({ response }) =>
      sendJson(response, 200, {
        clusterConfiguration: { id: clusterId, name: clusterName, firstUser: false },
        uiConfiguration: { plugins: { mesos: { enabled: true, 'logging-strategy': 'logrotate' } } },
      }),
    )
    // An answer of 200 without a token tells the command line that this cluster asks for no login.
    .on('GET', '/pkgpanda/active.buildinfo.full.json', ({ response }) => sendJson(response, 200, {}))
    .on('GET', '/acs/api/v1/auth/providers', ({ response }) =>
      sendJson(response, 200, logIn ? PASSWORD_PROVIDER : {}),
    )
    .on('POST', '/acs/api/v1/auth/login', async ({ request, response }) => {
      // Command lines that log in without being asked to get a token that nobody looks at.
      const token = logIn ? loggedIn(logIn, await readJson(request, LOGIN_LIMIT_BYTES)) : 'no-login-needed';
      sendJson(response, 200, { token });
    })
    .on('GET', '/ca/dcos-ca.crt', ({ response }) => {
      if (authority === undefined) throw new HttpError(404, 'This cluster has no certificate authority');
      send(response, 200, authority, { 'Content-Type': 'application/x-x509-ca-cert' });
    })
    .on('GET', '/cluster/v1/links', ({ response }) => sendJson(response, 200, { links: [] }))
    .on('GET', '/mesos_dns/v1/hosts/:name', ({ response, params: { name = '' } }) => {
      const asked = name.replace(/\.$/, '').toLowerCase();
      sendJson(
        response,
        200,
        LEADERS.has(asked) ? [{ host: `${asked}.`, ip: host }] : [{ host: '', ip: '' }],
      );
    })
    .on('GET', '/net/v1/nodes', async ({ response }) => {
      const known = [...(await agents.get()).values()];
      const nodes = known.map(({ ip, hostname }) => ({ private_ip: ip, public_ips: [], hostname }));
      sendJson(response, 200, [{ private_ip: host, public_ips: [], hostname: host }, ...nodes]);
    });
};

/** Throws HttpError 400 and 401. */
const loggedIn = (logIn: NonNullable<ClusterFacts['logIn']>, body: unknown): string => {
  const { uid, password } = (body ?? {}) as { uid?: unknown; password?: unknown };
  if (typeof uid !== 'string' || typeof password !== 'string') {
    throw new HttpError(400, 'Log in with {"uid": …, "password": …}');
  }
  const token = logIn(uid, password);
  if (token === undefined) throw new HttpError(401, 'The name and the password do not belong together');
  return token;
};
