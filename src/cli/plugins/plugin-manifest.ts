import { CliError } from '../errors/cli-error.ts';

/** What a `plugin.toml` says of a plugin of the DC/OS command line (cli.md 13.8). */
export interface PluginManifest {
  readonly name?: string | undefined;
  readonly commands: readonly { name: string; path: string; description: string }[];
}

const LINE = /^([A-Za-z0-9_-]+)\s*=\s*("(?:[^"\\]|\\.)*"|'[^']*'|[^\s#]+)\s*(?:#.*)?$/;
const LONGEST_CHARACTERS = 64 * 1024;

/**
 * Reads the part of TOML that these files are made of: keys with strings and numbers at the top, and in `[[commands]]`.
 * Other tables are passed over. Throws CliError that names the line.
 */
export const parsePluginManifest = (text: string): PluginManifest => {
  if (text.length > LONGEST_CHARACTERS) throw new CliError('failed', 'plugin.toml is too long');
  const top = new Map<string, string>();
  const commands: Map<string, string>[] = [];
  let table: Map<string, string> | undefined = top;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    if (/^\[\[\s*commands\s*\]\]/.test(line)) {
      table = new Map();
      commands.push(table);
    } else if (line.startsWith('[')) {
      table = undefined;
    } else {
      const [, key = '', value = ''] = LINE.exec(line) ?? [];
      if (table && key === '')
        throw new CliError('failed', `plugin.toml:${index + 1}:1: "${line}" is not understood`);
      table?.set(key, unquoted(value));
    }
  }
  return {
    name: top.get('name'),
    commands: commands.map((entries) => ({
      name: entries.get('name') ?? '',
      path: entries.get('path') ?? '',
      description: entries.get('description') ?? '',
    })),
  };
};

const unquoted = (value: string): string => {
  if (value.startsWith("'")) return value.slice(1, -1);
  if (!value.startsWith('"')) return value;
  try {
    return String(JSON.parse(value));
  } catch {
    return value.slice(1, -1);
  }
};
