import { credentialsFor, type DockerConfig } from '../../registry/docker-config.ts';
import { isRecord } from '../../registry/manifest.ts';
import { EngineClient, EngineError } from './engine-client.ts';

/** What is looked at of a container. */
export interface EngineContainer {
  readonly id: string;
  readonly name: string;
  readonly state: 'created' | 'running' | 'ended';
  /** As the host counts; undefined unless it runs. */
  readonly pid: number | undefined;
  readonly exitCode: number;
  readonly isOutOfMemory: boolean;
  /** By the network's name. */
  readonly addresses: Readonly<Record<string, string>>;
  readonly stopSignal: string;
  readonly finishedMs: number;
}

/** The few calls of a container engine that containers need. */
export class EngineApi {
  readonly client: EngineClient;
  readonly #config: DockerConfig;

  constructor(socketPath: string, config: DockerConfig = {}) {
    this.client = new EngineClient(socketPath);
    this.#config = config;
  }

  /** Its version; rejects when there is no engine. */
  async version(): Promise<string> {
    const answer = await this.client.ask({ method: 'GET', path: '/version' });
    return isRecord(answer) && typeof answer.Version === 'string' ? answer.Version : 'unknown';
  }

  async hasImage(name: string): Promise<boolean> {
    const found = await orMissing(
      this.client.ask({ method: 'GET', path: `/images/${encodeName(name)}/json` }),
    );
    return found !== undefined;
  }

  /** Pulls an image with what the docker config has for its registry. */
  async pull(name: string, signal: AbortSignal): Promise<void> {
    const credentials = await credentialsFor(this.#config, registryOf(name), signal);
    const auth =
      credentials?.type === 'password'
        ? { username: credentials.username, password: credentials.password }
        : { identitytoken: credentials?.token };
    const answer = await this.client.open({
      method: 'POST',
      path: '/images/create',
      query: { fromImage: hasTag(name) ? name : `${name}:latest` },
      headers: credentials
        ? { 'X-Registry-Auth': Buffer.from(JSON.stringify(auth)).toString('base64url') }
        : {},
      signal,
    });
    // The engine has begun to answer before it knows whether it can: a failure is the last of its lines.
    let last = '';
    for await (const chunk of answer) last = `${last}${chunk}`.slice(-64 * 1024);
    const line = last.trim().split('\n').at(-1) ?? '';
    const failure = errorIn(line);
    if (failure !== undefined) throw new EngineError(500, failure);
  }

  async create(name: string, body: unknown): Promise<void> {
    await this.client.ask({ method: 'POST', path: '/containers/create', query: { name }, body });
  }

  async start(name: string): Promise<void> {
    await this.client.ask({ method: 'POST', path: `/containers/${name}/start` });
  }

  /** Resolves once it does not run any more. */
  async wait(name: string, signal: AbortSignal): Promise<void> {
    const answer = await this.client.open({ method: 'POST', path: `/containers/${name}/wait`, signal });
    for await (const _chunk of answer);
  }

  /** Sends a signal; one that does not run any more needs none. */
  async kill(name: string, signal: string): Promise<void> {
    try {
      await this.client.ask({ method: 'POST', path: `/containers/${name}/kill`, query: { signal } });
    } catch (error) {
      if (!(error instanceof EngineError && (error.status === 404 || error.status === 409))) throw error;
    }
  }

  async remove(name: string): Promise<void> {
    const query = { force: 'true', v: 'true' };
    await orMissing(this.client.ask({ method: 'DELETE', path: `/containers/${name}`, query }));
  }

  async inspect(name: string): Promise<EngineContainer | undefined> {
    const found = await orMissing(this.client.ask({ method: 'GET', path: `/containers/${name}/json` }));
    return isRecord(found) ? containerOf(found) : undefined;
  }

  /** Names of containers with a label. */
  async list(label: string): Promise<string[]> {
    const query = { all: 'true', filters: JSON.stringify({ label: [label] }) };
    const found = await this.client.ask({ method: 'GET', path: '/containers/json', query });
    return (Array.isArray(found) ? found : []).flatMap((container) =>
      isRecord(container) && Array.isArray(container.Names)
        ? [String(container.Names[0] ?? '').replace(/^\//, '')]
        : [],
    );
  }

  async stats(name: string): Promise<Readonly<Record<string, unknown>>> {
    const query = { stream: 'false', 'one-shot': 'true' };
    const found = await this.client.ask({ method: 'GET', path: `/containers/${name}/stats`, query });
    return isRecord(found) ? found : {};
  }
}

const containerOf = (found: Readonly<Record<string, unknown>>): EngineContainer => {
  const state = isRecord(found.State) ? found.State : {};
  const config = isRecord(found.Config) ? found.Config : {};
  const networks = isRecord(found.NetworkSettings) ? found.NetworkSettings.Networks : {};
  const { Status, Pid, ExitCode, OOMKilled, FinishedAt } = state;
  const isRunning = Status === 'running' || Status === 'paused' || Status === 'restarting';
  return {
    id: String(found.Id),
    name: String(found.Name).replace(/^\//, ''),
    state: isRunning ? 'running' : Status === 'created' ? 'created' : 'ended',
    pid: isRunning && typeof Pid === 'number' && Pid > 0 ? Pid : undefined,
    exitCode: typeof ExitCode === 'number' ? ExitCode : -1,
    isOutOfMemory: OOMKilled === true,
    addresses: Object.fromEntries(
      Object.entries(isRecord(networks) ? networks : {}).flatMap(([name, network]) =>
        isRecord(network) && typeof network.IPAddress === 'string' && network.IPAddress !== ''
          ? [[name, network.IPAddress]]
          : [],
      ),
    ),
    stopSignal:
      typeof config.StopSignal === 'string' && config.StopSignal !== '' ? config.StopSignal : 'SIGTERM',
    finishedMs: Date.parse(String(FinishedAt)) || 0,
  };
};

const orMissing = async (answer: Promise<unknown>): Promise<unknown> => {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof EngineError && error.status === 404) return undefined;
    throw error;
  }
};

const encodeName = (name: string): string => name.split('/').map(encodeURIComponent).join('/');

const hasTag = (name: string): boolean => name.includes('@') || /:[^/]*$/.test(name);

/** Whose login an image needs, in the words of the docker config. */
const registryOf = (name: string): string => {
  const [first = ''] = name.split('/');
  return name.includes('/') && (/[.:]/.test(first) || first === 'localhost') ? first : 'registry-1.docker.io';
};

const errorIn = (line: string): string | undefined => {
  try {
    const { error } = JSON.parse(line) as { error?: unknown };
    return typeof error === 'string' ? error : undefined;
  } catch {
    return undefined;
  }
};
