import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeCluster, startFakeCluster } from './fake-cluster.ts';

let cluster: FakeCluster;
let folder: string;

const config = {
  type: 'object',
  properties: {
    service: {
      type: 'object',
      description: 'What all nodes share',
      required: ['name', 'user'],
      properties: {
        name: { type: 'string', default: 'db', pattern: '^[a-z]+$', description: 'Name of\nthe service' },
        user: { type: 'string', description: 'Who it runs as' },
      },
    },
    level: { enum: ['low', 'high'], default: 'low' },
    nodes: { type: 'integer', minimum: 1, maximum: 9, exclusiveMaximum: true, default: 3 },
    hosts: { type: 'array', items: { type: 'string' }, default: [] },
  },
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plenum-options-'));
  cluster = await startFakeCluster({
    'POST /package/describe': {
      body: { package: { name: 'db', version: '2', description: 'A db', config } },
    },
    'POST /package/render': { body: { marathonJson: { id: '/db' } } },
    'POST /package/install': { body: { packageName: 'db', packageVersion: '2', appId: '/db' } },
  });
});

afterEach(async () => {
  await cluster.close();
  await rm(folder, { recursive: true });
});

const bodyOf = (path: string): unknown =>
  JSON.parse(cluster.server.requests.findLast(({ target }) => target === path)?.body ?? 'null');

const describeConfig = (...flags: string[]) =>
  cluster.run(['package', 'describe', 'db', '--config', ...flags]);

describe('package describe --config', () => {
  it('prints the options as a tree with types, defaults, rules and descriptions', async () => {
    const { stdout } = await describeConfig('-o', 'wide');
    expect(stdout.split('\n')).toEqual([
      'service',
      '    What all nodes share',
      '  name  string = "db", matching ^[a-z]+$',
      '      Name of the service',
      '  user  string, required',
      '      Who it runs as',
      'level  any = "low", one of "low", "high"',
      'nodes  integer = 3, at least 1, less than 9',
      'hosts  array of string = []',
      '',
    ]);
  });

  it('wraps descriptions to the window, and prints the schema to programs', async () => {
    const description = 'word '.repeat(30);
    const body = { package: { name: 'db', version: '1', config: { properties: { a: { description } } } } };
    cluster.answers['POST /package/describe'] = { body };
    const { stdout } = await cluster.run(['package', 'describe', 'db', '--config'], {
      isTty: true,
      columns: 60,
    });
    expect(stdout.split('\n').length).toBeGreaterThan(3);
    for (const line of stripVTControlCharacters(stdout).split('\n'))
      expect(line.length).toBeLessThanOrEqual(60);
    expect(JSON.parse((await describeConfig('--json')).stdout)).toEqual(body.package.config);
    expect(JSON.parse((await describeConfig()).stdout)).toEqual(body.package.config);
  });

  it('says that there are none', async () => {
    cluster.answers['POST /package/describe'] = { body: { package: { name: 'db', version: '1' } } };
    const { stdout, stderr } = await describeConfig('-o', 'wide');
    expect({ stdout, stderr }).toEqual({ stdout: '', stderr: 'This package has no options\n' });
  });
});

describe('a package for newer clusters', () => {
  it.each([
    ['2.1', true],
    ['2.0', false],
    ['2', false],
    ['1.13-beta1', false],
    ['2.0.1-rc', true],
  ])('that asks for %s is warned of: %s', async (minDcosReleaseVersion, isWarned) => {
    const body = { package: { name: 'db', version: '2', description: '', minDcosReleaseVersion } };
    cluster.answers['POST /package/describe'] = { body };
    cluster.answers['GET /dcos-metadata/dcos-version.json'] = { body: { version: '2.0' } };
    const { code, stderr } = await cluster.run(['package', 'install', 'db', '--yes']);
    expect({ code, isWarned: stderr.includes('is made for DC/OS') }).toEqual({ code: 0, isWarned });
  });

  it('is installed without a word where the release is not known', async () => {
    const body = { package: { name: 'db', version: '2', description: '', minDcosReleaseVersion: '9' } };
    cluster.answers['POST /package/describe'] = { body };
    const { code, stderr } = await cluster.run(['package', 'install', 'db', '--yes']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'Installing db 2 as /db\n' });
  });
});

describe('--options', () => {
  const install = (...flags: string[]) => cluster.run(['package', 'install', 'db', '--yes', ...flags]);

  it('may be given several times: objects are merged, the later wins, --set above all', async () => {
    const [first, second] = [join(folder, 'a.json'), join(folder, 'b.yaml')];
    await writeFile(first, '{"service": {"name": "a", "user": "u"}, "hosts": ["x", "y"]}');
    await writeFile(second, 'service: {name: b}\nhosts: [z]\n');
    await install('--options', first, '--options', second, '--set', 'nodes=5');
    expect(bodyOf('/package/install')).toMatchObject({
      options: { service: { name: 'b', user: 'u' }, hosts: ['z'], nodes: 5 },
    });
  });

  it.each([
    ['a.json', '{"service": {"name": "a",\n  "name": "b"}}', '2:3: the key "name" is there twice'],
    ['a.yaml', 'service:\n  name: a\n  name: b\n', '3:3: this is no YAML: Map keys must be unique'],
  ])('refuses a key that is there twice in %s, with its place', async (name, text, problem) => {
    const file = join(folder, name);
    await writeFile(file, text);
    const { code, stderr } = await install('--options', file);
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`${file}:${problem}`),
    });
    expect(bodyOf('/package/install')).toBe(null);
  });

  it('takes JSON or YAML from standard input, once', async () => {
    const render = (input: string) => cluster.run(['package', 'render', 'db', '--options', '-'], { input });
    await render('service:\n  name: x\n');
    expect(bodyOf('/package/render')).toMatchObject({ options: { service: { name: 'x' } } });
    await render('{"nodes": 1}');
    expect(bodyOf('/package/render')).toMatchObject({ options: { nodes: 1 } });
    const { code, stderr } = await install('--options', '-', '--options', '-');
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('only once') });
  });

  it.each([
    ['install', ['--yes']],
    ['render', []],
    ['describe', ['--app', '--render']],
  ])('of package %s are warned of when the package does not know them', async (command, flags) => {
    const args = ['package', command, 'db', ...flags, '--set', 'service.nmae=x', '--set', 'user=me'];
    const { code, stderr } = await cluster.run(args);
    expect(code).toBe(0);
    expect(stderr).toContain(
      'Warning: the package knows no option service.nmae, it has no effect; did you mean service.name?\n' +
        'Warning: the package knows no option user, it has no effect; did you mean service.user?\n',
    );
  });

  it('that break rules are named all at once, each with place, rule, value and description', async () => {
    const error = (pointer: string, keyword: string, value: unknown, description?: string) => ({
      level: 'error',
      instance: { pointer },
      keyword,
      message: `breaks ${keyword}`,
      value,
      description,
    });
    const errors = [error('/service/name', 'type', 7, 'Name of the service'), error('', 'required', {})];
    const type = 'JsonSchemaMismatch';
    const body = { type, message: 'Options JSON failed validation', data: { errors } };
    cluster.answers['POST /package/install'] = { status: 400, body };
    const { code, stderr } = await install();
    expect(code).toBe(1);
    expect(stderr.trimEnd().split('\n')).toEqual([
      'Error: Options JSON failed validation',
      '  /service/name: breaks type',
      '      rule type; value 7; Name of the service',
      '  /: breaks required',
      '      rule required',
      '  plenum package describe NAME --config shows the options and their rules',
    ]);
  });
});
