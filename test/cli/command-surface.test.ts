import { beforeAll, describe, expect, it } from 'vitest';
import type { CommandClass } from '../../src/cli/base-command.ts';
import { ALIASES, TOPICS } from '../../src/cli/topics.ts';
import { loadCommands } from './run-plenum.ts';

/** Names of commands, arguments and flags are an interface: scripts type them. */

let commands: Record<string, CommandClass>;

beforeAll(async () => {
  commands = await loadCommands();
});

interface FlagFacts {
  readonly type: string;
  readonly char?: string;
  readonly multiple?: boolean;
  readonly required?: boolean;
}

const flagText = ([name, flag]: [string, FlagFacts]): string => {
  const short = flag.char === undefined ? '' : `-${flag.char}|`;
  const value = flag.type === 'option' ? '=' : '';
  return `${short}--${name}${value}${flag.multiple ? '…' : ''}${flag.required ? '!' : ''}`;
};

const surfaceOf = ([id, command]: [string, CommandClass]): string => {
  const args = Object.entries(command.args).map(([name, { required }]) =>
    required ? name.toUpperCase() : `[${name.toUpperCase()}]`,
  );
  const flags = Object.entries({ ...command.baseFlags, ...command.flags } as Record<string, FlagFacts>);
  const rest = command.strict ? [] : ['…'];
  return [id.replaceAll(':', ' '), ...args, ...rest, ...flags.map(flagText).sort()].join(' ');
};

describe('the commands', () => {
  it('are those of the list, with the same arguments and flags', async () => {
    const surface = Object.entries(commands).map(surfaceOf);
    await expect(`${surface.join('\n')}\n`).toMatchFileSnapshot('fixtures/command-surface.txt');
  });

  it('each say in a line what they do, and show how by examples that begin with them', () => {
    for (const [id, { summary, examples = [] }] of Object.entries(commands)) {
      expect(summary, id).toMatch(/^[A-Z].*[^.]$/);
      expect(examples.length, id).toBeGreaterThan(0);
      const typed = `<%= config.bin %> ${id.replaceAll(':', ' ')}`;
      expect(
        examples.some((example) => String(example).includes(typed)),
        id,
      ).toBe(true);
    }
  });

  it('say what each argument and flag is', () => {
    for (const [id, { args, flags, baseFlags }] of Object.entries(commands)) {
      for (const [name, { description }] of Object.entries({ ...args, ...flags, ...baseFlags })) {
        expect(description, `${id} ${name}`).toMatch(/^[A-Z]/);
      }
    }
  });

  it('never read a missing argument from standard input', () => {
    for (const [id, { args }] of Object.entries(commands)) {
      for (const arg of Object.values(args)) expect(arg.ignoreStdin, id).toBe(true);
    }
  });

  it('are reached by every alias, and every topic is one', () => {
    const ids = Object.keys(commands);
    for (const id of Object.values(ALIASES)) expect(ids).toContain(id);
    for (const topic of Object.keys(TOPICS)) expect(ids.some((id) => id.startsWith(`${topic}:`))).toBe(true);
  });
});
