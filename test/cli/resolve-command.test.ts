import { describe, expect, it } from 'vitest';
import { resolveCommand } from '../../src/cli/resolve-command.ts';

const resolve = (line: string) =>
  resolveCommand(line === '' ? [] : line.split(' '), {
    ids: new Set([
      'up',
      'marathon',
      'marathon:app:list',
      'marathon:app:show',
      'node:list',
      'service:run',
      'task:list',
      'task:log',
    ]),
    aliases: { 'marathon:app:ls': 'marathon:app:list' },
    oldForms: { task: 'task:list', node: 'node:list' },
    guides: ['exit-codes'],
    takesArguments: (id) => ['marathon:app:show', 'service:run', 'task:log', 'task:list'].includes(id),
  });

describe('what was typed', () => {
  it.each([
    ['up', { id: 'up', argv: [] }],
    ['up --agents 3', { id: 'up', argv: ['--agents', '3'] }],
    ['up extra', { id: 'up', argv: ['extra'] }],
    ['marathon --master http://a', { id: 'marathon', argv: ['--master', 'http://a'] }],
    ['marathon app list --json', { id: 'marathon:app:list', argv: ['--json'] }],
    ['marathon app ls', { id: 'marathon:app:list', argv: [] }],
    ['marathon app show /web', { id: 'marathon:app:show', argv: ['/web'] }],
    ['task log up stdout', { id: 'task:log', argv: ['up', 'stdout'] }],
    ['-v --log-level info --debug up', { id: 'up', argv: [] }],
    ['service run x -- --help', { id: 'service:run', argv: ['x', '--', '--help'] }],
  ])('%s is a command', (line, expected) => {
    expect(resolve(line)).toEqual({ type: 'command', ...expected });
  });

  it.each([
    ['task', { id: 'task:list', argv: [] }],
    ['task --json', { id: 'task:list', argv: ['--json'] }],
    ['task web', { id: 'task:list', argv: ['web'] }],
    ['node --field version', { id: 'node:list', argv: ['--field', 'version'] }],
  ])('%s is an old form of a command', (line, expected) => {
    expect(resolve(line)).toEqual({ type: 'command', isOld: true, ...expected });
  });

  it.each(['task lst', 'task lgo web', 'node web'])('%s is none', (line) => {
    expect(resolve(line)).toMatchObject({ type: 'unknown' });
  });

  it.each([
    ['', ''],
    ['help', ''],
    ['--help', ''],
    ['up -h', 'up'],
    ['marathon app', 'marathon:app'],
    ['marathon app --help', 'marathon:app'],
    ['help marathon app list', 'marathon:app:list'],
    ['marathon app show /web --help', 'marathon:app:show'],
  ])('%s asks for help', (line, id) => {
    expect(resolve(line)).toEqual({ type: 'help', id });
  });

  it('may ask for a guide or the version', () => {
    expect(resolve('help exit-codes')).toEqual({ type: 'guide', name: 'exit-codes' });
    expect(resolve('--version')).toEqual({ type: 'version' });
  });

  it.each([
    ['upp', { words: ['upp'], topic: '' }],
    ['--nope', { words: ['--nope'], topic: '' }],
    ['marathon app lsit /web', { words: ['marathon', 'app', 'lsit', '/web'], topic: 'marathon:app' }],
    ['marathon ap', { words: ['marathon', 'ap'], topic: 'marathon' }],
    ['marathon app --json', { words: ['marathon', 'app', '--json'], topic: 'marathon:app' }],
    ['help nope', { words: ['nope'], topic: '' }],
  ])('%s is no command', (line, expected) => {
    expect(resolve(line)).toEqual({ type: 'unknown', ...expected });
  });
});
