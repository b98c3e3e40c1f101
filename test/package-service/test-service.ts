import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import { request } from '../../src/http/client.ts';
import { type RunningPackages, startPackages } from '../../src/packages/server.ts';
import { type Clock, systemClock } from '../../src/runtime/clock.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { systemRandom } from '../../src/runtime/random.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import type { Store } from '../../src/store/store.ts';
import { revisionFiles, temporaryFolder, writeFiles } from '../universe/repository-files.ts';
import { type FakeMarathon, startFakeMarathon } from './fake-marathon.ts';
import { type FakeMaster, startFakeMaster } from './fake-master.ts';

export interface Answer {
  status: number;
  contentType: string;
  // biome-ignore lint/suspicious/noExplicitAny: the shapes are what the tests assert
  body: any;
}

export interface TestService {
  url: string;
  store: Store;
  marathon: FakeMarathon;
  master: FakeMaster;
  /** Folder of the bundled universe. */
  bundled: string;
  bundledUri: string;
  /** Posts to an endpoint under its own media types. */
  post: (
    path: string,
    body?: unknown,
    options?: { version?: number; headers?: Record<string, string> },
  ) => Promise<Answer>;
  get: (path: string) => Promise<Answer>;
  /** Adds a folder repository with these files. */
  addFiles: (files: Readonly<Record<string, unknown>>) => Promise<void>;
  /** Ends the service and starts it anew on the same store. */
  restart: () => Promise<void>;
  close: () => Promise<void>;
}

const HASTE = 20;

/** A clock on which waits are over twenty times sooner. */
export const hastyClock: Clock = {
  now: () => Date.now() * HASTE,
  setTimer: (delayMs, action) => systemClock.setTimer(delayMs / HASTE, action),
};

/** The package service on a free port, between a fake Marathon and a fake master, with a universe of two packages. */
export const startTestService = async (
  options: { store?: Store; clock?: Clock } = {},
): Promise<TestService> => {
  const [marathon, master, bundled, cacheDir] = await Promise.all([
    startFakeMarathon(),
    startFakeMaster(),
    temporaryFolder(),
    temporaryFolder(),
  ]);
  await writeFiles(bundled, {
    ...revisionFiles('hello', 0, { version: '1.0', description: 'Says hello', selected: true }),
    ...revisionFiles('hello', 5, { version: '1.1', description: 'Says hello', selected: true }),
    ...revisionFiles('alpha', 0, { description: 'First of all', tags: ['beginning'] }),
  });
  const store = options.store ?? memoryStore();
  const start = (): Promise<RunningPackages> =>
    startPackages({
      mesosUrl: master.url,
      marathonUrl: marathon.url,
      host: '127.0.0.1',
      port: 0,
      hostnames: [],
      store,
      log: silentLog,
      clock: options.clock ?? systemClock,
      random: systemRandom,
      version: '0.1.0',
      cacheDir: join(cacheDir, 'cache'),
      bundledUniverse: bundled,
    });
  let running = await start();
  onTestFinished(() => running.close());

  const send = async (
    path: string,
    init: { method: string; headers?: Record<string, string>; body?: string },
  ) => {
    const response = await request({ url: `${running.url}${path}`, ...init });
    const text = response.body.toString();
    const contentType = response.headers['content-type'] ?? '';
    return {
      status: response.status,
      contentType,
      body: contentType.includes('json') ? JSON.parse(text) : text,
    };
  };
  const post: TestService['post'] = (path, body = {}, { version = 1, headers = {} } = {}) => {
    const [, area = '', ...operation] = path.split('/');
    const type = `application/vnd.dcos.${area}.${operation.join('.')}`;
    return send(path, {
      method: 'POST',
      headers: {
        'Content-Type': `${type}-request+json;charset=utf-8;version=v1`,
        Accept: `${type}-response+json;charset=utf-8;version=v${version}, application/vnd.dcos.package.error+json;charset=utf-8;version=v1`,
        ...headers,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  };
  return {
    get url() {
      return running.url;
    },
    store,
    marathon,
    master,
    bundled,
    bundledUri: pathToFileURL(bundled).href,
    post,
    addFiles: async (files) => {
      const folder = await temporaryFolder();
      await writeFiles(folder, files);
      const { status } = await post('/package/repository/add', { name: folder, uri: folder });
      expect(status).toBe(200);
    },
    get: (path) => send(path, { method: 'GET' }),
    restart: async () => {
      await running.close();
      running = await start();
    },
    close: () => running.close(),
  };
};
