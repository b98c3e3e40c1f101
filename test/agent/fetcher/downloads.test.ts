import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Fetcher, type FetcherOptions } from '../../../src/agent/fetcher/fetcher.ts';
import type { CommandInfoURI } from '../../../src/mesos/generated/mesos.ts';
import { systemClock } from '../../../src/runtime/clock.ts';
import { waitFor } from '../../support/wait-for.ts';
import { onTestEnd, temporaryFolder } from '../test-agent.ts';

const CONTENT = Array.from({ length: 20_000 }, (_, index) => `line ${index}\n`).join('');
const path = process.env.PATH;

afterEach(() => {
  process.env.PATH = path;
});

const serve = async (
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> => {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestEnd(
    () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  );
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const prepare = async (options: Partial<FetcherOptions> = {}) => {
  const folder = await temporaryFolder();
  const fetcher = new Fetcher({ folder: join(folder, 'fetch'), clock: systemClock, ...options });
  const sandbox = join(folder, 'sandbox');
  mkdirSync(sandbox);
  const fetch = async (uri: CommandInfoURI): Promise<string> => {
    const stderr = openSync(join(sandbox, 'stderr'), 'a');
    const signal = new AbortController().signal;
    try {
      await fetcher.fetch({ containerId: 'c', uris: [uri], sandbox, user: undefined, stderr, signal });
    } finally {
      closeSync(stderr);
    }
    return readFileSync(join(sandbox, uri.output_file ?? 'file'), 'utf8');
  };
  return { sandbox, target: join(sandbox, 'file'), fetcher, fetch };
};

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

/** Sends a part of what was asked for, and breaks off; the last answer is whole. */
const breaking =
  (options: {
    validator: (answer: number) => Record<string, string>;
    answers: number;
    seen: IncomingMessage['headers'][];
    /** Where the file comes to: the connection breaks when something of it has come. */
    target: string;
    content?: (answer: number) => string;
  }) =>
  (request: IncomingMessage, response: ServerResponse): void => {
    const { seen, answers, target, content = () => CONTENT } = options;
    seen.push(request.headers);
    const answer = seen.length;
    const validator = options.validator(answer);
    const body = content(answer);
    const [, from] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? [];
    const isSame = Object.values(validator).includes(String(request.headers['if-range']));
    const start = from !== undefined && isSame ? Number(from) : 0;
    response.writeHead(start > 0 ? 206 : 200, {
      ...validator,
      'Content-Length': body.length - start,
      ...(start > 0 ? { 'Content-Range': `bytes ${start}-${body.length - 1}/${body.length}` } : {}),
    });
    if (answer === answers) response.end(body.slice(start));
    else {
      response.write(body.slice(start, start + 60_000));
      void waitFor('something of the file', () => sizeOf(target) > start).then(() => response.destroy());
    }
  };

describe('a download that breaks', () => {
  it('goes on where it broke, when the file is still the same', async () => {
    const seen: IncomingMessage['headers'][] = [];
    const { fetch, target } = await prepare();
    const url = await serve(breaking({ validator: () => ({ ETag: '"one"' }), answers: 4, seen, target }));
    expect(await fetch({ value: `${url}/file` })).toBe(CONTENT);
    expect(seen).toHaveLength(4);
    expect(seen[1]).toMatchObject({ 'if-range': '"one"', range: expect.stringMatching(/^bytes=[1-9]/) });
  });

  it('begins anew when the file is another one', async () => {
    const seen: IncomingMessage['headers'][] = [];
    const content = (answer: number): string => (answer === 1 ? 'x'.repeat(100_000) : CONTENT);
    const validator = (answer: number) => ({ ETag: `"${answer}"` });
    const { fetch, target } = await prepare();
    const url = await serve(breaking({ validator, answers: 2, seen, content, target }));
    expect(await fetch({ value: `${url}/file` })).toBe(CONTENT);
  });

  it('begins anew when the server says nothing by which the file could be known', async () => {
    const seen: IncomingMessage['headers'][] = [];
    const { fetch, target } = await prepare();
    const url = await serve(breaking({ validator: () => ({ ETag: 'W/"weak"' }), answers: 2, seen, target }));
    expect(await fetch({ value: `${url}/file` })).toBe(CONTENT);
    expect(seen[1]?.range).toBeUndefined();
  });

  it('is given up when it comes no further', async () => {
    const seen: IncomingMessage['headers'][] = [];
    const url = await serve((request, response) => {
      seen.push(request.headers);
      response.writeHead(200, { 'Content-Length': 100 }).write('short', () => response.socket?.end());
    });
    const { fetch, sandbox } = await prepare();
    await expect(fetch({ value: `${url}/file` })).rejects.toThrow(/aborted/);
    // What a connection brought just before it broke may be lost with it; the next one brings it then.
    expect(seen.length).toBeGreaterThanOrEqual(3);
    expect(seen.length).toBeLessThan(7);
    expect(existsSync(join(sandbox, 'file'))).toBe(false);
  });

  it('is given up when nothing arrives for too long', async () => {
    const url = await serve((_request, response) => response.writeHead(200).write('begins'));
    const { fetch } = await prepare({ stallTimeoutMs: 50 });
    await expect(fetch({ value: `${url}/file` })).rejects.toThrow('nothing arrived for 0.05 s');
  });
});

describe('the cache', () => {
  it('is passed by what is larger, and by what does not say how large it is', async () => {
    const seen: string[] = [];
    const url = await serve((request, response) => {
      seen.push(`${request.method} ${request.url}`);
      const isSilent = request.url === '/silent';
      response.writeHead(
        200,
        isSilent && request.method === 'HEAD' ? {} : { 'Content-Length': CONTENT.length },
      );
      response.end(request.method === 'HEAD' ? undefined : CONTENT);
    });
    const { fetch, fetcher } = await prepare({ cacheBytes: 1_000 });
    expect(await fetch({ value: `${url}/file`, cache: true, output_file: 'large' })).toBe(CONTENT);
    expect(await fetch({ value: `${url}/silent`, cache: true, output_file: 'silent' })).toBe(CONTENT);
    expect(fetcher.cache.usedBytes).toBe(0);
    expect(seen).toEqual(['HEAD /file', 'GET /file', 'HEAD /silent', 'GET /silent']);
  });
});

describe('other places', () => {
  it('a relative path begins at the home of frameworks', async () => {
    const home = await temporaryFolder();
    writeFileSync(join(home, 'file'), 'at home');
    const { fetch } = await prepare({ frameworksHome: home });
    expect(await fetch({ value: 'file' })).toBe('at home');
    await expect((await prepare()).fetch({ value: 'file' })).rejects.toThrow(
      'neither a URI nor an absolute path',
    );
  });

  it("files of Hadoop come through Hadoop's client", async () => {
    const programs = await temporaryFolder();
    writeFileSync(join(programs, 'hadoop'), '#!/bin/sh\necho "$1 $2 $3" > "$4"\n');
    chmodSync(join(programs, 'hadoop'), 0o755);
    process.env.PATH = `${programs}:${path}`;
    const { fetch } = await prepare();
    expect(await fetch({ value: 'hdfs://name:8020/some/file' })).toBe(
      'fs -copyToLocal hdfs://name:8020/some/file\n',
    );
  });
});
