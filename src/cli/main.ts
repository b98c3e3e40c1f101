import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS } from 'plenum:commands';
import { installationFolder } from '../runtime/installation.ts';
import { CliConfig } from './cli-config.ts';
import { type Surface, surfaceOf } from './completion/surface.ts';
import { listenForInterrupts } from './interrupts.ts';
import { systemTerminal } from './output/terminal.ts';
import { runCli } from './run-cli.ts';

export { COMMANDS };

/** For the build, which writes it to dist/. */
export const completionSurface = (): Surface => surfaceOf(COMMANDS);

/** The program `plenum`. */
export const main = async (args: readonly string[]): Promise<void> => {
  const root = join(installationFolder(), 'dist');
  const pjson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const terminal = systemTerminal(listenForInterrupts());
  const config = new CliConfig({ root, pjson, terminal });
  process.exitCode = await runCli({ args, commands: COMMANDS, config });
};
