import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../test-agent.ts';

/** Folders of networks and of plugins, as an agent is told them. */
export interface CniFolders {
  readonly configs: string;
  readonly plugins: string;
  readonly flags: Record<string, string>;
}

/** Plugins are shell scripts by name, and networks their configuration by the name of its file. */
export const cniFolders = async (
  plugins: Readonly<Record<string, string>>,
  networks: Readonly<Record<string, unknown>>,
  moreFolders: readonly string[] = [],
): Promise<CniFolders> => {
  const [configs, programs] = [await temporaryFolder(), await temporaryFolder()];
  for (const [name, script] of Object.entries(plugins)) {
    const file = join(programs, name);
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
  }
  for (const [name, config] of Object.entries(networks)) {
    writeFileSync(join(configs, name), typeof config === 'string' ? config : JSON.stringify(config));
  }
  return {
    configs,
    plugins: programs,
    flags: {
      network_cni_config_dir: configs,
      network_cni_plugins_dir: [programs, ...moreFolders].join(':'),
    },
  };
};
