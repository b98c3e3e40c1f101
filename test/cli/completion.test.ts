import { beforeAll, describe, expect, it } from 'vitest';
import { complete } from '../../src/cli/completion/complete.ts';
import { liveKindOfArgument } from '../../src/cli/completion/live-kinds.ts';
import { type Surface, surfaceOf } from '../../src/cli/completion/surface.ts';
import { loadCommands } from './run-plenum.ts';

let surface: Surface;

beforeAll(async () => {
  surface = surfaceOf(await loadCommands());
});

/** What completes a line; a blank at its end begins a new word. */
const at = (line: string) => complete(line.split(' '), surface);
const values = (line: string): string[] => {
  const completion = at(line);
  return completion.type === 'words' ? completion.candidates.map(({ value }) => value) : [];
};

describe('completing', () => {
  it('gives the commands at each level of the tree', () => {
    expect(values('')).toContain('marathon');
    expect(values('mar')).toEqual(['marathon']);
    expect(values('marathon app ')).toContain('scale');
    expect(values('task l')).toEqual(['list', 'log', 'ls']);
    expect(values('help exit')).toEqual(['exit-codes']);
    expect(values('help marathon dep')).toEqual(['deployment']);
  });

  it('says what each is for', () => {
    const completion = at('task');
    expect(completion).toMatchObject({
      candidates: [{ value: 'task', summary: 'See tasks, what they print and their files' }],
    });
  });

  it('gives the flags that were not given yet', () => {
    expect(values('task list --a')).toEqual(['--all', '--agent-id']);
    expect(values('task list --all --a')).toEqual(['--agent-id']);
    expect(values('node list --field x --f')).toEqual(['--field']);
    expect(values('task list -q --q')).toEqual([]);
  });

  it('gives names that the cluster knows', () => {
    expect(at('marathon app show /we')).toEqual({ type: 'live', kind: 'app', prefix: '/we', before: '' });
    expect(at('task log ')).toMatchObject({ type: 'live', kind: 'task' });
    expect(at('task log --lines 5 we')).toMatchObject({ type: 'live', kind: 'task', prefix: 'we' });
    expect(at('package install h')).toMatchObject({ kind: 'package' });
    expect(at('package uninstall h')).toMatchObject({ kind: 'installed-package' });
    expect(at('maintenance add one two th')).toMatchObject({ kind: 'node', prefix: 'th' });
    expect(at('task list --cluster lo')).toMatchObject({ kind: 'cluster', prefix: 'lo', before: '' });
    expect(at('task list --cluster=lo')).toMatchObject({
      kind: 'cluster',
      prefix: 'lo',
      before: '--cluster=',
    });
    expect(at('task list --cluster = lo')).toMatchObject({ kind: 'cluster', before: '--cluster=' });
  });

  it('gives the values that a flag may have, and files where one is meant', () => {
    expect(values('node log --output js')).toContain('json');
    expect(at('marathon app add ')).toEqual({ type: 'files' });
    expect(at('package install hdfs --options ')).toEqual({ type: 'files' });
    expect(at('task exec web -- ls ')).toEqual({ type: 'files' });
  });

  it('gives nothing where nothing can be known', () => {
    expect(at('no such command')).toEqual({ type: 'none' });
    expect(at('marathon app scale /web ')).toEqual({ type: 'none' });
    expect(at('task list --timeout ')).toEqual({ type: 'none' });
    expect(values('task list __proto__')).toEqual([]);
    expect(at('__proto__ ')).toEqual({ type: 'none' });
  });

  it('knows what nearly every argument names', () => {
    const unknown = Object.entries(surface.commands).flatMap(([id, { args }]) => {
      const [first] = args;
      return first === undefined || liveKindOfArgument(id, first) ? [] : [`${id} ${first}`];
    });
    expect(unknown.filter((one) => /^(marathon|task|node|service|job|quota|framework) /.test(one))).toEqual(
      [],
    );
  });
});
