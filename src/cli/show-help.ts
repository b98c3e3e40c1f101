import { loadHelpClass } from '@oclif/core/help';
import type { CliConfig } from './cli-config.ts';

/** Prints the help of a command or topic; of the whole program when the id is empty. */
export const showHelp = async (id: string, config: CliConfig): Promise<void> => {
  await config.load();
  const Help = await loadHelpClass(config);
  await new Help(config).showHelp(id === '' ? [] : [id]);
};
