import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { request } from '../../src/http/client.ts';
import { onTestEnd, startTestMaster } from './support/cluster.ts';

const start = async (content: string) => {
  const folder = await mkdtemp(join(tmpdir(), 'plenum-log-'));
  onTestEnd(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'master.log');
  await writeFile(file, content);
  const { url } = await startTestMaster({ logFile: file });
  const ask = async (path: string, method = 'GET') => {
    const { status, headers, body } = await request({ method, url: `${url}${path}` });
    return { status, headers, text: body.toString() };
  };
  const call = async (message: object) => {
    const { status, body } = await request({
      method: 'POST',
      url: `${url}/api/v1`,
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: JSON.stringify(message),
    });
    return { status, text: body.toString() };
  };
  return { file, ask, call };
};

describe("the master's own log", () => {
  it('is listed, browsed, read piece by piece and downloaded under its virtual path', async () => {
    const { file, ask } = await start('one\ntwo\n');
    for (const suffix of ['', '.json']) {
      const json = async (path: string): Promise<unknown> => JSON.parse((await ask(path)).text);
      expect(await json(`/files/debug${suffix}`)).toEqual({ '/master/log': file });
      expect(await json(`/files/browse${suffix}?path=/master/log`)).toEqual([]);
      const read = (query: string) => json(`/files/read${suffix}?path=/master/log${query}`);
      expect(await read('')).toEqual({ data: '', offset: 8 });
      expect(await read('&offset=-1&length=3')).toEqual({ data: '', offset: 8 });
      expect(await read('&offset=4')).toEqual({ data: 'two\n', offset: 4 });
      expect(await read('&offset=0&length=3')).toEqual({ data: 'one', offset: 0 });
      expect(await read('&offset=100')).toEqual({ data: '', offset: 100 });
      const { status, headers, text } = await ask(`/files/download${suffix}?path=/master/log`);
      expect([status, text]).toEqual([200, 'one\ntwo\n']);
      expect(headers).toMatchObject({
        'content-type': 'application/octet-stream',
        'content-disposition': 'attachment; filename=log',
        'content-length': '8',
      });
    }
  });

  it('grows under who reads it, and gives 64 KiB at a time', async () => {
    const { file, ask } = await start('x'.repeat(100_000));
    const read = async (offset: number) =>
      JSON.parse((await ask(`/files/read?path=/master/log&offset=${offset}&length=100000`)).text);
    expect((await read(0)).data).toHaveLength(65_536);
    await appendFile(file, 'end');
    expect(await read(100_000)).toEqual({ data: 'end', offset: 100_000 });
  });

  it('answers HEAD with the length alone', async () => {
    const { ask } = await start('abc');
    const { status, headers, text } = await ask('/files/download?path=/master/log', 'HEAD');
    expect([status, headers['content-length'], text]).toEqual([200, '3', '']);
  });

  it('is listed and read by calls, too', async () => {
    const { call } = await start('abc');
    expect(await call({ type: 'LIST_FILES', list_files: { path: '/master/log' } })).toEqual({
      status: 200,
      text: '{"type":"LIST_FILES","list_files":{"file_infos":[]}}',
    });
    const { text } = await call({ type: 'READ_FILE', read_file: { path: '/master/log', offset: 1 } });
    expect(JSON.parse(text)).toEqual({
      type: 'READ_FILE',
      read_file: { size: 3, data: Buffer.from('bc').toString('base64') },
    });
  });

  it.each([
    ['/files/browse', 400, "Expecting 'path=value' in query.\n"],
    ['/files/read', 400, "Expecting 'path=value' in query.\n"],
    ['/files/download', 400, "Expecting 'path=value' in query.\n"],
    ['/files/read?path=/master/log&offset=-2', 400, 'Negative offset provided: -2.\n'],
    ['/files/read?path=/master/log&length=-2', 400, 'Negative length provided: -2.\n'],
    ['/files/read?path=/master/log&offset=x', 400, "Failed to parse offset: 'x' is not a number.\n"],
    ['/files/read?path=/etc/passwd', 404, ''],
    ['/files/read?path=/master/log/../../etc/passwd', 404, ''],
    ['/files/read?path=/master/log%00', 404, ''],
    ['/files/browse?path=/master', 404, ''],
    ['/files/download?path=/nosuch', 404, '404 Not Found.'],
  ])('shows no other file: %s is answered %i', async (path, status, text) => {
    const { ask } = await start('abc');
    const answer = await ask(path);
    expect([answer.status, answer.text]).toEqual([status, text]);
  });

  it('is not there any more when somebody took it away', async () => {
    const { file, ask } = await start('abc');
    await rm(file);
    expect((await ask('/files/read?path=/master/log&offset=0')).status).toBe(404);
    expect((await ask('/files/download?path=/master/log')).text).toBe('404 Not Found.');
  });
});
