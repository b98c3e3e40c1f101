import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Surface, surfaceOf } from '../../src/cli/completion/surface.ts';
import { GUIDES, guideText } from '../../src/cli/guides.ts';
import { resolveCommand } from '../../src/cli/resolve-command.ts';
import { ALIASES } from '../../src/cli/topics.ts';
import { loadCommands, runPlenum } from './run-plenum.ts';

/** Commands that guides and the README name are there, with the flags that they are shown with. */

let surface: Surface;

beforeAll(async () => {
  surface = surfaceOf(await loadCommands());
});

/** The command lines of a text: what follows `plenum` up to what ends a command or a wide gap. */
const commandLines = (text: string): string[] =>
  [...text.matchAll(/(?:^|[\s(;`$])plenum ([a-z][^\n`|#;)\\]*)/g)].map(
    ([, line = '']) => line.split(/\s{2,}| <| >| &&|, |: /)[0]?.trim() ?? '',
  );

const faultOf = (line: string): string | undefined => {
  const words = line.split(/\s+/).filter((word) => word !== '' && word !== 'COMMAND');
  const resolution = resolveCommand(words, {
    ids: new Set(Object.keys(surface.commands)),
    aliases: ALIASES,
    guides: Object.keys(GUIDES),
    oldForms: {},
    takesArguments: (id) => {
      const command = surface.commands[id];
      return command !== undefined && (command.isOpen || command.args.length > 0);
    },
  });
  if (resolution.type === 'unknown') return 'is no command';
  if (resolution.type !== 'command') return undefined;
  const command = surface.commands[resolution.id];
  const flags = resolution.argv.flatMap((word) => /^--([a-z][\w-]*)/.exec(word)?.[1] ?? []);
  const unknown = flags.filter((flag) => !command?.isOpen && !Object.hasOwn(command?.flags ?? {}, flag));
  return unknown.length > 0 ? `has no flag ${unknown.join(', ')}` : undefined;
};

const faultsOf = (text: string): string[] =>
  commandLines(text).flatMap((line) => {
    const fault = faultOf(line);
    return fault === undefined ? [] : [`plenum ${line}: ${fault}`];
  });

describe('what is told', () => {
  it.each(Object.keys(GUIDES))('by the guide %s is so', (name) => {
    expect(faultsOf(guideText(name))).toEqual([]);
  });

  it('by the README is so', () => {
    expect(faultsOf(readFileSync('README.md', 'utf8'))).toEqual([]);
  });

  it('would be found out when it is not', () => {
    expect(faultsOf('  plenum marathon app frobnicate /web')).toEqual([
      expect.stringContaining('is no command'),
    ]);
    expect(faultsOf('  plenum task list --everything')).toEqual([
      expect.stringContaining('no flag everything'),
    ]);
    expect(commandLines('`plenum task list` and plenum up --agents 3   # three')).toHaveLength(2);
  });
});

describe('help', () => {
  it('prints guides, and lists them', async () => {
    expect((await runPlenum(['help', 'apps'])).stdout).toBe(guideText('apps'));
    const { stdout } = await runPlenum(['--help']);
    for (const [name, summary] of Object.entries(GUIDES))
      expect(stdout).toMatch(new RegExp(`${name} +${summary}`));
  });

  it('fits a terminal of 120 columns', () => {
    for (const name of Object.keys(GUIDES)) {
      expect(
        guideText(name)
          .split('\n')
          .filter((line) => line.length > 120),
      ).toEqual([]);
    }
  });
});
