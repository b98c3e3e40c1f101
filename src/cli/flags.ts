import { boolean, custom, string } from '@oclif/core/flags';
import { CliError } from './errors/cli-error.ts';

const MS_OF_UNIT = new Map([
  ['ms', 1],
  ['s', 1_000],
  ['', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
]);
/** Longer waits are typing errors, and more than the system's timers take. */
const LONGEST_MS = 7 * 24 * 3_600_000;

/** Milliseconds of `500ms`, `30s`, `5m`, `1h`; a bare number counts seconds. Throws CliError. */
export const parseDuration = (text: string): number => {
  const [, amount = '', unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h|)$/.exec(text.trim()) ?? [];
  const ms = Number(amount) * (MS_OF_UNIT.get(unit) ?? Number.NaN);
  if (amount === '' || !(ms > 0 && ms <= LONGEST_MS)) {
    throw new CliError('usage', `"${text}" is no length of time`, { hint: 'Such as 500ms, 30s, 5m or 1h' });
  }
  return ms;
};

/** A length of time, in milliseconds. */
export const duration = custom<number>({ parse: async (text) => parseDuration(text) });

/** An amount of a resource. Throws CliError for what is none. */
export const parseAmount = (text: string): number => {
  const amount = Number(text);
  if (text.trim() === '' || !Number.isFinite(amount) || amount < 0) {
    throw new CliError('usage', `"${text}" is no amount`, { hint: 'Such as 4 or 0.5' });
  }
  return amount;
};

export const amount = custom<number>({ parse: async (text) => parseAmount(text) });

const parsePort = (text: string): number => {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new CliError('usage', `"${text}" is no port`, {
      hint: 'From 1 to 65535, or 0 for any that is free',
    });
  }
  return port;
};

export const port = custom<number>({ parse: async (text) => parsePort(text), helpValue: 'PORT' });

/** Throws CliError. */
export const parseWholeNumber = (text: string): number => {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new CliError('usage', `"${text}" is no whole number that is at least 0`);
};

export const count = custom<number>({ parse: async (text) => parseWholeNumber(text) });

/** At least 1. */
export const positiveCount = custom<number>({
  parse: async (text) => {
    const number = parseWholeNumber(text);
    if (number === 0) throw new CliError('usage', 'The number is at least 1');
    return number;
  },
});

/** How many lines of a log's end; as for tail, -10 are the last ten too. */
export const linesFlag = custom<number>({
  parse: async (text) => parseWholeNumber(text.replace(/^-/, '')),
  char: 'n',
  description: 'How many lines of the end',
  default: 10,
  helpValue: 'NUMBER',
});

export const dryRunFlag = boolean({
  description: 'Only tell what would change, and by which steps; nothing is changed',
});

/** Of what has no steps that could be told beforehand; see ClusterCommand.connectOrPlan. */
export const planFlag = boolean({
  description: 'Only tell what would be sent to the cluster; nothing is changed',
});

export const waitFlag = boolean({
  description: 'Wait until it is done, and fail when it is not done in time',
});

export const forceFlag = boolean({
  description: 'Do it although a deployment holds the app: that deployment is given up',
});

/** Of commands that have Marathon change something. */
export const deadlineFlags = {
  deadline: duration({
    description: 'Fail when the deployment makes no progress for so long, such as 5m (only with Plenum)',
    helpValue: 'TIME',
  }),
  'on-deadline': string({
    description: 'What happens then: it is given up as it stands, or what it changed is undone',
    options: ['fail', 'rollback'],
  }),
};

export const yesFlag = boolean({ description: 'Do not ask', char: 'y' });

export const quietFlag = boolean({ description: 'Print ids only, one a line', char: 'q' });
