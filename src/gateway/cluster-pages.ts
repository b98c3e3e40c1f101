import { sendJson } from '../http/respond.ts';
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
}

/** The DC/OS release whose paths and formats are served; clients choose by it what they ask for. */
const DCOS_VERSION = '2.2.0';

const LEADERS = new Set(['leader.mesos', 'master.mesos', 'marathon.mesos']);

/** Adds what a DC/OS cluster says about itself (cli.md 17.1, 17.5). */
export const addClusterPages = (router: Router, facts: ClusterFacts, agents: AgentDirectory): void => {
  const { clusterId, clusterName, host, version } = facts;
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
    .on('GET', '/acs/api/v1/auth/providers', ({ response }) => sendJson(response, 200, {}))
    // Command lines that log in without asking first get a token that nobody looks at.
    .on('POST', '/acs/api/v1/auth/login', ({ response }) =>
      sendJson(response, 200, { token: 'no-login-needed' }),
    )
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
