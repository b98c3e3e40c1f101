import { type ParseArgsConfig, parseArgs } from 'node:util';
import { isLoopback } from '../http/origin-guard.ts';

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
  /** An address to listen on. Only this machine may reach it, because no server asks who is calling yet. */
  host(name: string): string;
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
    host: (name) => {
      const value = optionalText(name) ?? '127.0.0.1';
      if (!isLoopback(value)) {
        throw new OptionError(
          `--${name} ${value}: listening where other machines can reach it demands authentication, which this server cannot ask for yet; use 127.0.0.1 and a tunnel`,
        );
      }
      return value;
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
