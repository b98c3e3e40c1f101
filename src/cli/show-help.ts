import { Help } from '@oclif/core/help';
import type { CliConfig } from './cli-config.ts';
import { currentClusterName } from './clusters/current-cluster.ts';
import { plenumHome } from './clusters/plenum-home.ts';
import { GUIDES, guideText } from './guides.ts';
import { listExternals } from './plugins/external-command.ts';
import { TOPICS } from './topics.ts';

const MOST_EXTERNALS = 100;

/** Prints the help of a command or topic; of the whole program when the id is empty. */
export const showHelp = async (id: string, config: CliConfig): Promise<void> => {
  await config.describe(TOPICS);
  await new TerminalHelp(config, { maxWidth: 100 }).showHelp(id === '' ? [] : [id]);
  if (id === '') config.terminal.out.write(`${externalList(config)}${guideList()}`);
};

/** oclif's own prints past the terminal that it is given. */
class TerminalHelp extends Help {
  protected override log(...lines: string[]): void {
    (this.config as CliConfig).terminal.out.write(`${lines.join(' ')}\n`);
  }
}

/** Commands that plugins bring and that are found on the PATH; Plenum's own hide those of the same name. */
const externalList = (config: CliConfig): string => {
  const { env } = config.terminal;
  const home = plenumHome(env);
  const own = new Set([...config.commandIDs, ...Object.keys(TOPICS)].map((id) => id.split(':')[0]));
  const found = listExternals({ home, cluster: currentClusterName({ home, env }), env });
  const shown = found.filter(({ name }) => !own.has(name)).slice(0, MOST_EXTERNALS);
  if (shown.length === 0) return '';
  const width = Math.max(...shown.map(({ name }) => name.length));
  const lines = shown.map(({ name, description }) => `  ${name.padEnd(width)}  ${description}`.trimEnd());
  return `PLUGINS\n${lines.join('\n')}\n\n`;
};

const guideList = (): string => {
  const names = Object.keys(GUIDES);
  const width = Math.max(...names.map((name) => name.length));
  const lines = Object.entries(GUIDES).map(([name, summary]) => `  help ${name.padEnd(width)}  ${summary}`);
  return `GUIDES\n${lines.join('\n')}\n`;
};

/** Prints a text that is no command's help. */
export const showGuide = (name: string, config: CliConfig): void => {
  config.terminal.out.write(guideText(name));
};
