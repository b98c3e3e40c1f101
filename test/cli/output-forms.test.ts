import { describe, expect, it } from 'vitest';
import { createResultFormatter, type WholeForm } from '../../src/cli/output/forms/format-result.ts';
import { parseResultForm } from '../../src/cli/output/forms/result-form.ts';

const TASKS = [
  { id: 'web.1', state: 'TASK_RUNNING', resources: { cpus: 0.5 }, labels: [{ key: 'a', value: 'b' }] },
  { id: 'web.2', state: 'TASK_STAGING', resources: { cpus: 1 } },
];
const output = { write: () => undefined, isTty: false, hasColor: false, columns: Number.POSITIVE_INFINITY };
const formatted = async (form: string, value: unknown = TASKS): Promise<string> =>
  (await createResultFormatter(parseResultForm(form) as WholeForm, output))(value);

describe('a result is printed', () => {
  it('as JSON and as YAML with every field', async () => {
    expect(JSON.parse(await formatted('json'))).toEqual(TASKS);
    expect(await formatted('yaml', { id: 'web', args: ['a b'] })).toBe('id: web\nargs:\n  - a b\n');
  });

  it('by the names of its elements', async () => {
    expect(await formatted('name')).toBe('web.1\nweb.2\n');
    expect(await formatted('name', { clusters: [{ name: 'one' }, { name: 'two' }] })).toBe('one\ntwo\n');
    expect(await formatted('name', { name: 'one', other: 1 })).toBe('one\n');
  });

  it('by a path, with or without its $', async () => {
    expect(await formatted('jsonpath=$[*].id')).toBe('web.1\nweb.2\n');
    expect(await formatted('jsonpath=[*].resources.cpus')).toBe('0.5\n1\n');
    expect(await formatted("jsonpath=[?@.state == 'TASK_RUNNING'].id")).toBe('web.1\n');
    expect(await formatted('jsonpath=[0].resources')).toBe('{"cpus":0.5}\n');
    expect(await formatted('jsonpath=id', { id: 'x' })).toBe('x\n');
    expect(await formatted('jsonpath=.nothing')).toBe('');
  });

  it('by a text with paths, for each element', async () => {
    expect(await formatted('jsonpath={range [*]}{.id}{"\\t"}{.state}{"\\n"}{end}')).toBe(
      'web.1\tTASK_RUNNING\nweb.2\tTASK_STAGING\n',
    );
    expect(await formatted("jsonpath=all: {[*].id}{' }'}")).toBe('all: web.1 web.2 }\n');
    expect(await formatted('jsonpath={range [*]}{.id}{range .labels[*]}-{.key}{end} {end}')).toBe(
      'web.1-a web.2 \n',
    );
  });

  it('as columns of paths', async () => {
    expect(await formatted('custom-columns=ID:.id,LABELS:.labels[*].key')).toBe(
      'ID     LABELS\nweb.1  a\nweb.2  <none>\n',
    );
    expect(await formatted("custom-columns=N:['id','state'],C:.resources.cpus", TASKS)).toContain(
      'web.1,TASK_RUNNING  0.5',
    );
  });
});

describe('what is no form, path or template is refused', () => {
  it.each(['xml', 'jsonpath', 'jsonpath=', 'json=x', 'custom-columns=', 'custom-columns=ID', '', '='])(
    'as a form: %s',
    (text) => {
      expect(() => parseResultForm(text)).toThrow();
    },
  );

  it.each(['[?', '$..', '..', '[0', '{.id', '{range [*]}', '{end}', '}', '{"\\x"}'])(
    'as a path or template: %s',
    async (path) => {
      await expect(formatted(`jsonpath=${path}`)).rejects.toMatchObject({ outcome: 'usage' });
    },
  );
});
