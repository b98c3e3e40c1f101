import { readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findRepository } from '../../src/universe/authoring/find-repository.ts';
import type { Finding } from '../../src/universe/authoring/lint/finding.ts';
import { lintRepository } from '../../src/universe/authoring/lint/lint-repository.ts';
import { newPackage } from '../../src/universe/authoring/scaffold/new-package.ts';
import { repositoryFiles } from '../../src/universe/authoring/scaffold/repository-files.ts';
import { writeNewFolder } from '../../src/universe/authoring/scaffold/write-new-files.ts';
import { runPackageTests } from '../../src/universe/authoring/testing/run-package-tests.ts';
import { readFolderTree } from '../../src/universe/sources/read-file-tree.ts';
import { metadataOf, revisionFiles, temporaryFolder, writeFiles } from './repository-files.ts';

const MINE = 'repo/packages/M/mine/0';

const lint = async (
  files: Readonly<Record<string, unknown>>,
  { certify = false } = {},
): Promise<readonly Finding[]> => {
  const folder = await temporaryFolder();
  await writeFiles(folder, files);
  return (await lintRepository(await readFolderTree(folder), { certify })).findings;
};

const inShort = (findings: readonly Finding[]): string[] =>
  findings.map(
    ({ severity, rule, file, line, column }) =>
      `${severity} ${rule} ${file.split('/').at(-1)}:${line}:${column}`,
  );

describe('a new package in a new repository', () => {
  it('has nothing wrong with it, and passes its own tests', async () => {
    const folder = join(await temporaryFolder(), 'universe');
    await writeNewFolder(folder, repositoryFiles('universe'));
    const repository = await findRepository(folder);
    await newPackage(repository, 'my-service', { maintainer: 'me@example.com' });
    const { findings, packages, revisions } = await lintRepository(await readFolderTree(folder), {
      certify: false,
    });
    expect(findings).toEqual([]);
    expect({ packages, revisions }).toEqual({ packages: 1, revisions: 1 });
    const tests = await runPackageTests(repository);
    expect(tests.map(({ outcome }) => outcome)).toEqual(['passed', 'passed']);
  });

  it('never takes the place of another one', async () => {
    const folder = await temporaryFolder();
    await writeNewFolder(join(folder, 'a'), repositoryFiles('a'));
    await expect(writeNewFolder(join(folder, 'a'), repositoryFiles('a'))).rejects.toThrow('is there already');
    const repository = await findRepository(join(folder, 'a'));
    await newPackage(repository, 'mine', { maintainer: 'x@y' });
    await expect(newPackage(repository, 'mine', { maintainer: 'x@y' })).rejects.toThrow('is there already');
    expect(await readdir(folder)).toEqual(['a']);
  });

  it.each(['Mine', '1a', 'a', 'a/b', '../b', 'a-', `a${'b'.repeat(70)}`])(
    'is not called %s',
    async (name) => {
      const folder = await temporaryFolder();
      await writeNewFolder(join(folder, 'a'), repositoryFiles('a'));
      await expect(
        newPackage(await findRepository(join(folder, 'a')), name, { maintainer: '' }),
      ).rejects.toThrow('is no name of a package');
    },
  );
});

describe('lint', () => {
  it('names the place of what is wrong in metadata', async () => {
    const text = JSON.stringify(
      metadataOf('mine', { version: 'a b', tagz: 1, licenses: [{ name: 'x', url: 'ftp://x' }] }),
      null,
      2,
    );
    const findings = await lint({ [`${MINE}/package.json`]: text });
    expect(inShort(findings)).toEqual([
      'error schema package.json:4:3',
      'error schema package.json:10:3',
      'error schema package.json:14:7',
    ]);
    expect(findings[1]?.message).toContain('did you mean tags?');
  });

  it.each<[string, Record<string, unknown>, string[]]>([
    ['broken JSON', { 'config.json': '{\n "a": }' }, ['error syntax config.json:2:7']],
    [
      'keys that come twice',
      { 'resource.json': '{"assets": {},\n "assets": {}}' },
      ['error duplicate-key resource.json:2:2'],
    ],
    ['characters beyond ASCII', { 'config.json': '{"title":\n"ü"}' }, ['error ascii config.json:2:2']],
    ['escapes of such', { 'config.json': '{"title":\n"\\u00fc"}' }, ['error ascii config.json:2:2']],
    [
      'what is no schema of draft 4',
      { 'config.json': '{"type": "object",\n "properties": {"a": {\n"type": "int", "required": true}}}' },
      ['error schema config.json:3:1', 'error schema config.json:3:16'],
    ],
    [
      'commands of old in new packages',
      { 'command.json': { pip: ['x'] } },
      ['error command-json command.json:1:1'],
    ],
    [
      'command lines for clusters that know none',
      {
        'resource.json': {
          cli: {
            binaries: {
              linux: {
                'x86-64': { kind: 'zip', url: 'https://x/y', contentHash: [{ algo: 'sha256', value: '00' }] },
              },
            },
          },
        },
      },
      ['error cli-needs-1.8 resource.json:1:2'],
    ],
    [
      'sections that are not closed',
      { 'marathon.json.mustache': '{\n{{#service.name}}\n}' },
      ['error template marathon.json.mustache:3:1'],
    ],
    [
      'options that there are not',
      { 'marathon.json.mustache': '{"id": "{{service.name}}",\n "cmd": "{{service.nmae}}"}' },
      ['warning unknown-option marathon.json.mustache:2:10'],
    ],
    [
      'a comma too many',
      { 'marathon.json.mustache': '{"id": "{{service.name}}",\n "cmd": "x",\n}' },
      ['error rendering marathon.json.mustache:3:1'],
    ],
    [
      'fields that Marathon has not',
      { 'marathon.json.mustache': '{"id": "{{service.name}}", "instanzes": 1}' },
      ['warning app-field marathon.json.mustache:1:1'],
    ],
  ])('finds %s', async (_what, changes, expected) => {
    const files = Object.entries(changes).map(([name, content]) => [`${MINE}/${name}`, content]);
    const found = inShort(await lint({ ...revisionFiles('mine', 0), ...Object.fromEntries(files) }));
    // Where the config was replaced, the template's names are unknown, too.
    const isBeside = (line: string): boolean => 'config.json' in changes && line.includes('unknown-option');
    expect(found.filter((line) => !isBeside(line))).toEqual(expected);
  });

  it('tries every switch the other way', async () => {
    const findings = await lint({
      ...revisionFiles('mine', 0),
      [`${MINE}/config.json`]: {
        type: 'object',
        properties: { tls: { type: 'boolean', default: false }, name: { type: 'string', default: 'mine' } },
      },
      [`${MINE}/marathon.json.mustache`]: '{"id": "{{name}}"\n{{#tls}}\n"env": {}\n{{/tls}}\n}',
    });
    expect(inShort(findings)).toEqual(['error rendering marathon.json.mustache:2:1']);
    expect(findings[0]?.message).toContain('with tls true it renders to no JSON');
  });

  it('renders with made-up values where an option must be given', async () => {
    const findings = await lint({
      ...revisionFiles('mine', 0),
      [`${MINE}/config.json`]: {
        type: 'object',
        properties: { a: { type: 'integer', default: 1 }, name: { type: 'string' } },
        required: ['name'],
      },
      [`${MINE}/marathon.json.mustache`]: '{"id": "{{name}}", "cpus": {{a}}}',
    });
    expect(inShort(findings)).toEqual(['warning needs-options config.json:1:1']);
  });

  it('looks at all revisions of a package together', async () => {
    const findings = await lint({
      ...revisionFiles('mine', 0),
      ...revisionFiles('mine', 10, { upgradesFrom: ['1.0.0', '0.9'] }),
    });
    expect(findings.map(({ rule, file }) => `${rule} ${file}`)).toEqual([
      'version-reused M/mine/10/package.json',
      'unknown-version M/mine/10/package.json',
    ]);
  });

  it('asks more of certified packages', async () => {
    const files = {
      ...revisionFiles('mine', 0),
      [`${MINE}/resource.json`]: {
        assets: {
          uris: { a: 'http://x/a.zip' },
          container: { docker: { a: 'x/y', b: 'x/y:1', c: 'x:5000/y:latest' } },
        },
      },
      [`${MINE}/marathon.json.mustache`]: '{"id": "{{service.name}}", "uris": ["https://x.org/a"]}',
    };
    expect(await lint(files)).toEqual([]);
    const rules = new Set((await lint(files, { certify: true })).map(({ rule }) => rule));
    expect([...rules].sort()).toEqual([
      'described',
      'floating-image',
      'health-check',
      'icons',
      'literal-url',
      'metadata',
      'plain-http',
      'upgrades',
    ]);
    const floating = (await lint(files, { certify: true })).filter(({ rule }) => rule === 'floating-image');
    expect(floating.map(({ message }) => message.split(' ')[0])).toEqual(['x/y', 'x:5000/y:latest']);
  });

  it('refuses links out of the repository, files that are too large and expressions without an end, in time', async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, {
      ...revisionFiles('mine', 0),
      ...revisionFiles('other', 0),
      'repo/packages/O/other/0/config.json': {
        type: 'object',
        properties: { a: { type: 'string', pattern: '^(?=a)(a+)+$', default: `${'a'.repeat(40)}!` } },
      },
    });
    await symlink('/etc/hosts', join(folder, MINE, 'resource.json'));
    await writeFile(join(folder, MINE, 'command.json'), Buffer.alloc(3 * 1024 * 1024, 0x20));
    const { findings } = await lintRepository(await readFolderTree(folder), { certify: true });
    const errors = findings
      .filter(({ severity }) => severity === 'error')
      .map(({ file, message }) => `${file} ${message}`);
    expect(errors).toEqual([
      'M/mine/0/command.json command.json is not allowed in packaging 4.0',
      'M/mine/0/command.json is larger than 2097152 bytes',
      'M/mine/0/resource.json is a symbolic link that leads out of the repository',
      expect.stringMatching(/^O\/other\/0\/config\.json .*took longer than 750 ms/),
    ]);
  });
});

describe('lint of hostile packages', () => {
  it.each<[string, Record<string, unknown>]>([
    ['nested without end', { 'config.json': '{"properties":{"a":'.repeat(5_000) }],
    [
      'wrong in every line',
      {
        'config.json': {
          properties: Object.fromEntries(
            Array.from({ length: 20_000 }, (_, index) => [`a${index}`, { type: 'x' }]),
          ),
        },
      },
    ],
    ['with other delimiters', { 'marathon.json.mustache': `{{=<% %>=}}${'{{a'.repeat(300_000)}` }],
    [
      'with sections upon sections',
      {
        'config.json': {
          properties: {
            l: { type: 'array', default: Array.from({ length: 300 }, () => 'x') },
            ...Object.fromEntries(
              Array.from({ length: 300 }, (_, index) => [`b${index}`, { type: 'boolean', default: false }]),
            ),
          },
        },
        'marathon.json.mustache': `{"id":"${'{{#l}}'.repeat(4)}x${'{{/l}}'.repeat(4)}"}`,
      },
    ],
  ])(
    '%s ends in time, and with a bounded number of findings',
    async (_what, changes) => {
      const files = Object.entries(changes).map(([name, content]) => [`${MINE}/${name}`, content]);
      const start = performance.now();
      const findings = await lint(
        { ...revisionFiles('mine', 0), ...Object.fromEntries(files) },
        { certify: true },
      );
      expect(performance.now() - start).toBeLessThan(60_000);
      expect(findings.length).toBeGreaterThan(0);
      expect(findings.length).toBeLessThanOrEqual(200);
    },
    90_000,
  );
});

describe('kept expectations', () => {
  it('are written, compared, and told apart by the place that differs', async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, {
      ...revisionFiles('mine', 0),
      [`${MINE}/tests/named.options.json`]: { service: { name: 'x' } },
    });
    const repository = await findRepository(join(folder, MINE));
    expect((await runPackageTests(repository))[0]).toMatchObject({
      outcome: 'failed',
      trouble: expect.stringContaining('--update'),
    });
    expect((await runPackageTests(repository, { isUpdate: true }))[0]).toMatchObject({ outcome: 'written' });
    expect(JSON.parse(await readFile(join(folder, MINE, 'tests/named.expected.json'), 'utf8'))).toEqual({
      id: 'x',
      cmd: 'sleep 1000',
    });
    expect((await runPackageTests(repository))[0]).toMatchObject({ outcome: 'passed' });
    await writeFiles(folder, {
      [`${MINE}/marathon.json.mustache`]: '{"id": "{{service.name}}", "cmd": "sleep 2"}',
    });
    expect((await runPackageTests(repository))[0]).toMatchObject({
      outcome: 'failed',
      differences: [{ pointer: '/cmd', expected: 'sleep 1000', found: 'sleep 2' }],
    });
  });

  it('keep why options are refused', async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, {
      ...revisionFiles('mine', 0),
      [`${MINE}/tests/bad.options.json`]: { service: { name: 1 } },
    });
    await runPackageTests(await findRepository(folder), { isUpdate: true });
    expect(JSON.parse(await readFile(join(folder, MINE, 'tests/bad.expected.json'), 'utf8'))).toEqual({
      refused: [expect.stringContaining('/service/name: instance type (integer)')],
    });
  });

  it('fail one by one when they or the package cannot be read', async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, {
      ...revisionFiles('mine', 0),
      [`${MINE}/tests/a.options.json`]: '{',
      [`${MINE}/tests/b.options.json`]: '{}',
      [`${MINE}/tests/b.expected.json`]: { id: 'mine', cmd: 'sleep 1000' },
    });
    await symlink('/etc/hosts', join(folder, MINE, 'tests/c.options.json'));
    const tests = await runPackageTests(await findRepository(folder));
    expect(tests.map(({ outcome }) => outcome)).toEqual(['failed', 'passed', 'failed']);
    expect(tests[2]?.trouble).toContain('is no file');
  });
});
