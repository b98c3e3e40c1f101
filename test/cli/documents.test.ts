import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assign, changeBy, parseAssignments } from '../../src/cli/documents/assignments.ts';
import { parseDocument } from '../../src/cli/documents/parse-document.ts';
import { readSource } from '../../src/cli/documents/read-source.ts';
import type { Terminal } from '../../src/cli/output/terminal.ts';
import { type RecordingServer, startRecordingServer } from '../clients/recording-server.ts';

let folder: string;
let server: RecordingServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plenum-documents-'));
  server = await startRecordingServer({ 'GET /app.json': { body: '{"id": "/web"}' } });
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const output = { write: () => undefined, isTty: false, hasColor: false, columns: 80 };

const terminal = (input: string, isTTY = false): Terminal => ({
  out: output,
  err: output,
  stdin: Object.assign(Readable.from([input]), { isTTY }),
  questionOutput: new PassThrough(),
  env: {},
  signal: new AbortController().signal,
});

describe('a source', () => {
  it('is a file, a URL or standard input', async () => {
    const file = join(folder, 'app.json');
    await writeFile(file, '{}');
    expect(await readSource(file, terminal(''))).toEqual({ name: file, text: '{}' });
    const url = `${server.url}/app.json`;
    expect(await readSource(url, terminal(''))).toEqual({ name: url, text: '{"id": "/web"}' });
    expect(await readSource(undefined, terminal('[1]'))).toEqual({ name: 'standard input', text: '[1]' });
  });

  it('that is not there is told of with 3, and a terminal is not waited for', async () => {
    await expect(readSource(join(folder, 'nope'), terminal(''))).rejects.toMatchObject({
      outcome: 'not-found',
    });
    await expect(readSource(`${server.url}/nope`, terminal(''))).rejects.toMatchObject({
      outcome: 'not-found',
    });
    await expect(readSource(folder, terminal(''))).rejects.toMatchObject({ outcome: 'usage' });
    await expect(readSource(undefined, terminal('', true))).rejects.toMatchObject({ outcome: 'usage' });
  });
});

describe('a document', () => {
  const parse = (name: string, text: string) => parseDocument({ name, text });

  it('is JSON, or YAML by its name', async () => {
    expect(await parse('a.json', '{"a": 1}')).toEqual({ a: 1 });
    expect(await parse('a.yaml', 'a: 1\nb: [x]\n')).toEqual({ a: 1, b: ['x'] });
    expect(await parse('http://host/a.yml?raw=1', 'a: 1\n')).toEqual({ a: 1 });
  });

  it.each([
    ['a.json', '{\n  "id": "/x",\n  "cmd": }\n', /^a\.json:3:10: /],
    ['a.json', '{"a": 1', /^a\.json:1:8: /],
    ['a.json', '', /^a\.json:1:1: /],
    ['a.json', '[1]', /^a\.json:1:1: an object is expected/],
    ['a.yaml', 'a: 1\nb: [x\n', /^a\.yaml:\d+:\d+: this is no YAML/],
    ['a.yaml', 'a: 1\na: 2\n', /^a\.yaml:2:1: /],
    ['a.yaml', '- 1\n', /^a\.yaml:1:1: an object is expected/],
  ])('%s with %j is refused with its place', async (name, text, message) => {
    await expect(parse(name, text)).rejects.toThrow(message);
  });

  it('in YAML cannot grow without bound', async () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 12; level++) {
      lines.push(
        `a${level}: &a${level} [${Array(9)
          .fill(`*a${level - 1}`)
          .join(', ')}]`,
      );
    }
    await expect(parse('a.yaml', lines.join('\n'))).rejects.toThrow('alias');
  });
});

describe('KEY=VALUE', () => {
  it('is JSON where it reads as JSON, and leads into objects by dots', () => {
    const assignments = parseAssignments(['a=1', 'b=text=x', 'c.d.e=true', 'c.d.f=["x"]', 'g="5"', 'h=null']);
    expect(assign({ c: { kept: 1 } }, assignments)).toEqual({
      a: 1,
      b: 'text=x',
      c: { kept: 1, d: { e: true, f: ['x'] } },
      g: '5',
      h: null,
    });
  });

  it('as a change brings along the rest of the field that it leads into, and nothing else', () => {
    const app = { id: '/web', mem: 1, labels: { a: '1', b: '2' } };
    expect(changeBy(app, parseAssignments(['labels.b=x', 'cpus=2']))).toEqual({
      labels: { a: '1', b: 'x' },
      cpus: 2,
    });
    expect(app.labels.b).toBe('2');
  });

  it.each([['x'], ['=1'], ['a..b=1'], ['__proto__.x=1'], ['a=1', 'a=2']])('%s is refused', (...texts) => {
    expect(() => parseAssignments(texts)).toThrow();
  });
});
