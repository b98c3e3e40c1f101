import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { readSpec } from '../../src/sdk/service/read-spec.ts';

/** The descriptions that come with Plenum, and the packages that run them, name the same variables. */

const SERVICES = [
  'buildbot',
  'cassandra',
  'hdfs',
  'hello-world',
  'kafka',
  'redis',
  'spark',
  'yarn',
  'zookeeper',
];

const description = (name: string): Promise<string> => readFile(`universe/services/${name}.yml`, 'utf8');

const template = (name: string): Promise<string> =>
  readFile(`universe/repo/packages/${name.charAt(0).toUpperCase()}/${name}/0/marathon.json.mustache`, 'utf8');

describe.each(SERVICES)('%s', (name) => {
  it('is a valid description without any variable set', async () => {
    const text = await description(name);
    const spec = readSpec({ name, text, variables: {}, defaultUser: 'me' });
    expect(spec).toMatchObject({ name, role: `${name}-role`, user: 'me', principal: undefined });
  });

  it('has all of its variables set by its package, and no others', async () => {
    const used = [...(await description(name)).matchAll(/\$\{([A-Z0-9_]+)(?::-[^}]*)?\}/g)];
    const { env } = JSON.parse((await template(name)).replace(/\{\{[^}]+\}\}/g, '1')) as { env: object };
    // A shell's variable of commands.
    const variables = new Set(
      used.map(([, variable]) => variable).filter((variable) => variable !== 'JAVA_HOME'),
    );
    expect(Object.keys(env).sort()).toEqual([...variables].sort());
  });
});
