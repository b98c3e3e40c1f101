/** What a request needs leave for, as the flags that demand authentication name it (mesos.md B.1, B.2). */
export type Access = 'open' | 'readonly' | 'readwrite' | 'frameworks' | 'agents' | 'executors';

export interface Realm {
  readonly access: Access;
  /** Shown in WWW-Authenticate. */
  readonly realm: string;
}

/** The realm of a path. */
export type Realms = (path: string) => Realm;

/**
 * Served to everyone: whether a server lives and what it is (auth-02, auth-03). Servers drop slashes at the end of a path, and
 * take one that they do not have for what it begins with: what needs leave needs it below, too.
 */
const OPEN = /^\/(health|version|ping)\/*$/;
/** What Mesos' library serves beside the master or the agent, and changes something. */
const LIBRARY_WRITES = /^\/(logging\/toggle|(memory-)?profiler)(\/.*)?$/;
const AGENT_LINK = /^\/api\/v1\/agent-link(\/.*)?$/;
const SCHEDULER = /^\/api\/v1\/scheduler(\/.*)?$/;
const MASTER_WRITES =
  /^\/(api\/v1|reserve|unreserve|create-volumes|destroy-volumes|teardown|quota|weights|machine\/(up|down)|maintenance\/(schedule|status))(\/.*)?$/;

/** The master's realms, by path (auth-01 to auth-20). */
export const masterRealms: Realms = (path) => {
  const own = path.replace(/^\/master(?=\/)/, '');
  if (OPEN.test(own)) return { access: 'open', realm: '' };
  if (AGENT_LINK.test(own)) return { access: 'agents', realm: 'mesos-master-agents' };
  if (SCHEDULER.test(own)) return { access: 'frameworks', realm: 'mesos-master-scheduler' };
  if (MASTER_WRITES.test(own) || LIBRARY_WRITES.test(path))
    return { access: 'readwrite', realm: 'mesos-master-readwrite' };
  return { access: 'readonly', realm: 'mesos-master-readonly' };
};

/** Paths of an agent that executors use. */
export const EXECUTOR_PATHS = /^(\/slave\(1\))?\/api\/v1\/executor(\/.*)?$/;

export const agentRealms: Realms = (path) => {
  const own = path.replace(/^\/slave\(1\)(?=\/)/, '');
  if (OPEN.test(own)) return { access: 'open', realm: '' };
  if (EXECUTOR_PATHS.test(own)) return { access: 'executors', realm: 'mesos-agent-executor' };
  if (/^\/api\/v1(\/.*)?$/.test(own) || LIBRARY_WRITES.test(path))
    return { access: 'readwrite', realm: 'mesos-agent-readwrite' };
  return { access: 'readonly', realm: 'mesos-agent-readonly' };
};

/** Of servers that know no difference between reading and writing. */
export const oneRealm =
  (realm: string): Realms =>
  (path) =>
    OPEN.test(path) ? { access: 'open', realm: '' } : { access: 'readwrite', realm };

/** Health checks come from Marathon, over plain HTTP and without a login. */
export const SERVICE_HEALTH = /^\/v1\/health\/?$/;

export const serviceRealms =
  (name: string): Realms =>
  (path) =>
    SERVICE_HEALTH.test(path) ? { access: 'open', realm: '' } : { access: 'readwrite', realm: name };

/** What the gateway answers to those who are not logged in: how to log in (cli.md 13.6). */
const LOGIN = /^\/(acs\/api\/v1\/auth\/(providers|login)|ca\/[^/]+)\/?$/;

/** The page by which the DC/OS command line finds out how to log in; it knows no Basic. */
export const gatewayChallenge = (path: string, realm: string): Readonly<Record<string, string>> => ({
  'WWW-Authenticate': path.startsWith('/pkgpanda/') ? 'acsjwt' : `Basic realm="${realm}"`,
});

export const gatewayRealms: Realms = (path) => {
  if (LOGIN.test(path)) return { access: 'open', realm: '' };
  return oneRealm('plenum')(path);
};
