import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS } from 'plenum:commands';
import { installationFolder } from '../runtime/installation.ts';
import { CliConfig } from './cli-config.ts';
import { surfaceOf } from './completion/surface.ts';
import { GUIDES, guideText } from './guides.ts';
import { listenForInterrupts } from './interrupts.ts';
import { systemTerminal } from './output/terminal.ts';
import { describeCommands } from './reference/described-command.ts';
import { manPage } from './reference/man-page.ts';
import { markdownReference } from './reference/markdown-reference.ts';
import { runCli } from './run-cli.ts';

export { COMMANDS };

/** What the build makes of the commands and writes to dist/, by the names of the files. */
export const describedFiles = (version: string): Readonly<Record<string, string>> => {
  const commands = describeCommands(COMMANDS);
  const guides = Object.fromEntries(Object.keys(GUIDES).map((name) => [name, guideText(name)]));
  return {
    'completion.json': JSON.stringify(surfaceOf(COMMANDS)),
    'reference.md': markdownReference(commands, version),
    'plenum.1': manPage(commands, { version, guides }),
  };
};

/** The program `plenum`. */
export const main = async (args: readonly string[]): Promise<void> => {
  const root = join(installationFolder(), 'dist');
  const pjson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const terminal = systemTerminal(listenForInterrupts());
  const config = new CliConfig({ root, pjson, terminal });
  process.exitCode = await runCli({ args, commands: COMMANDS, config });
};
