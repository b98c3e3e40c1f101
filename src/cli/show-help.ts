import { Help } from '@oclif/core/help';
import type { CliConfig } from './cli-config.ts';
import { GUIDES, guideText } from './guides.ts';
import { TOPICS } from './topics.ts';

/** Prints the help of a command or topic; of the whole program when the id is empty. */
export const showHelp = async (id: string, config: CliConfig): Promise<void> => {
  await config.describe(TOPICS);
  await new Help(config, { maxWidth: 100 }).showHelp(id === '' ? [] : [id]);
  if (id === '') config.terminal.out.write(guideList());
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
