import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { GUIDES, guideText } from '../../src/cli/guides.ts';
import { type DescribedCommand, describeCommands } from '../../src/cli/reference/described-command.ts';
import { manPage } from '../../src/cli/reference/man-page.ts';
import { markdownReference } from '../../src/cli/reference/markdown-reference.ts';
import { loadCommands } from './run-plenum.ts';

let commands: readonly DescribedCommand[];

beforeAll(async () => {
  commands = describeCommands(await loadCommands());
});

describe('the reference', () => {
  it('tells of every command with its flags and examples', () => {
    const page = markdownReference(commands, '1.2.3');
    for (const { words } of commands) {
      expect(page).toContain(`\n## plenum ${words}\n`);
      expect(page).toContain(`(#plenum-${words.replaceAll(' ', '-')})`);
    }
    expect(page).toContain('- `-f, --follow`: ');
    expect(page).toContain('plenum task list web --all');
    expect(page).not.toContain('<%=');
  });
});

const hasMan = spawnSync('man', ['--version']).status === 0;

describe('the page for man', () => {
  it('has all commands and guides, and no line that would be a macro by chance', () => {
    const guides = Object.fromEntries(Object.keys(GUIDES).map((name) => [name, guideText(name)]));
    const page = manPage(commands, { version: '1.2.3', guides });
    expect(page).toContain('.SS plenum marathon app add\n');
    expect(page).toContain('.SH EXIT CODES\n');
    const macros = page.split('\n').filter((line) => /^[.']/.test(line));
    expect(macros.filter((line) => !/^\.(TH|SH|SS|PP|TP|B|I|nf|fi)\b/.test(line))).toEqual([]);
  });

  it.skipIf(!hasMan)('is one that man understands', () => {
    const page = manPage(commands, { version: '1.2.3', guides: {} });
    const { status, stderr, stdout } = spawnSync('man', ['--warnings', '-l', '-'], {
      input: page,
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('plenum marathon app add');
  });
});
