import { type ParseArgsConfig, parseArgs } from 'node:util';

/** The arguments cannot be used; the message names the option and what it takes. */
export class OptionError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'OptionError';
  }
}

/** Options of a daemon, read from its arguments: `--name value`. Throws OptionError for what cannot be used. */
export interface DaemonOptions {
  text(name: string): string;
  optionalText(name: string): string | undefined;
  /** Values of an option that may be given several times. */
  texts(name: string): readonly string[];
  port(name: string): number;
  url(name: string): string;
  /** At least one. */
  urls(name: string): readonly string[];
  /** An address to listen on; who may reach it is decided by security.ts. */
  host(name: string): string;
  /** `true` or `false`, the latter when it is missing. */
  flag(name: string): boolean;
}

/** Reads arguments that may be these options and no others. */
export const readOptions = (names: readonly string[], args: readonly string[]): DaemonOptions => {
  const values = parse(names, args);
  const texts = (name: string): readonly string[] => values[name] ?? [];
  const optionalText = (name: string): string | undefined => texts(name).at(-1);
  const text = (name: string): string => {
    const value = optionalText(name);
    if (value === undefined) throw new OptionError(`--${name} is missing`);
    return value;
  };
  return {
    text,
    optionalText,
    texts,
    port: (name) => {
      const value = optionalText(name) ?? '0';
      const port = Number(value);
      if (!/^\d+$/.test(value) || port > 65_535) {
        throw new OptionError(`--${name} takes a port from 0 (any that is free) to 65535, not ${value}`);
      }
      return port;
    },
    url: (name) => urlOf(name, text(name)),
    urls: (name) => {
      text(name);
      return texts(name).map((value) => urlOf(name, value));
    },
    host: (name) => optionalText(name) ?? '127.0.0.1',
    flag: (name) => {
      const value = optionalText(name) ?? 'false';
      if (value !== 'true' && value !== 'false') {
        throw new OptionError(`--${name} takes true or false, not ${value}`);
      }
      return value === 'true';
    },
  };
};

const urlOf = (name: string, value: string): string => {
  if (!/^https?:\/\//.test(value) || !URL.canParse(value)) {
    throw new OptionError(`--${name} takes a URL such as http://127.0.0.1:5050, not ${value}`);
  }
  return value.replace(/\/+$/, '');
};

const parse = (
  names: readonly string[],
  args: readonly string[],
): Readonly<Record<string, readonly string[]>> => {
  const options: ParseArgsConfig['options'] = Object.fromEntries(
    names.map((name) => [name, { type: 'string', multiple: true }]),
  );
  try {
    const { values } = parseArgs({ args: [...args], options, strict: true, allowPositionals: false });
    return values as Record<string, string[]>;
  } catch (error) {
    throw new OptionError(error instanceof Error ? error.message : String(error));
  }
};
