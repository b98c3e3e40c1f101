import { parseDuration } from '../../mesos/duration-text.ts';
import { roleNameProblem } from '../../mesos/role-name.ts';
import type { Amounts } from '../allocator/allocator.ts';

/** Values of flags as Mesos writes them (mesos.md B). Each throws with what it takes. */

export const readDuration = (text: string): number => {
  const duration = parseDuration(text);
  if (duration instanceof Error || duration < 0) {
    throw new Error(`takes a duration such as 15secs or 10mins, not ${text}`);
  }
  return duration;
};

/** One that time can be told by: a timer of 0 ms would never let go. */
export const readInterval = (text: string): number => {
  const duration = readDuration(text);
  if (duration < 1) throw new Error(`takes a duration of at least 1ms, not ${text}`);
  return duration;
};

export const readCount = (text: string, least = 0): number => {
  const count = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(count) || count < least) {
    throw new Error(`takes a whole number of at least ${least}, not ${text}`);
  }
  return count;
};

export const readSwitch = (text: string): boolean => {
  if (text === 'true' || text === '1') return true;
  if (text === 'false' || text === '0') return false;
  throw new Error(`takes true or false, not ${text}`);
};

/** `100%` is 1. */
export const readPart = (text: string): number => {
  const [, digits] = /^(\d+(?:\.\d+)?)%$/.exec(text) ?? [];
  const percent = Number(digits);
  if (digits === undefined || percent > 100) throw new Error(`takes a percentage up to 100%, not ${text}`);
  return percent / 100;
};

/** `2/10mins`: milliseconds from one to the next. */
export const readRate = (text: string): number => {
  const [, permits = '', duration = ''] = /^(\d+)\/(.+)$/.exec(text) ?? [];
  const intervalMs = parseDuration(duration);
  if (intervalMs instanceof Error || !(Number(permits) > 0) || !(intervalMs > 0)) {
    throw new Error(`takes a number of agents per duration, such as 1/10mins, not ${text}`);
  }
  return intervalMs / Number(permits);
};

export const readChoice = <Choice extends string>(text: string, choices: readonly Choice[]): Choice => {
  const choice = choices.find((one) => one === text);
  if (choice === undefined) throw new Error(`takes ${choices.join(' or ')}, not ${text}`);
  return choice;
};

export const readNames = (text: string): string[] =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

export const readRoles = (text: string): ReadonlySet<string> => new Set(readNames(text).map(checkedRole));

/** `eng=2.5,ops=1`. */
export const readWeights = (text: string): ReadonlyMap<string, number> =>
  new Map(
    readNames(text).map((part) => {
      const [, role = '', digits = ''] = /^(.+)=([\d.]+)$/.exec(part) ?? [];
      const weight = Number(digits);
      if (digits === '' || !(weight > 0) || !Number.isFinite(weight)) {
        throw new Error(`takes weights above 0 such as eng=2,ops=1, not ${text}`);
      }
      return [checkedRole(role), weight];
    }),
  );

const checkedRole = (role: string): string => {
  const problem = roleNameProblem(role);
  if (problem !== undefined) throw new Error(`names a role that cannot be: ${problem}`);
  return role;
};

/** `cpus:0.01|mem:32`: alternatives, in each of which there may be several amounts, `cpus:1;mem:64`. */
export const readAlternatives = (text: string): Amounts[] => {
  if (text.trim() === '') return [];
  return text.split('|').map((alternative) =>
    Object.fromEntries(
      alternative.split(';').map((part) => {
        const [, name, digits = ''] = /^\s*([\w/-]+):(\d+(?:\.\d+)?)\s*$/.exec(part) ?? [];
        if (name === undefined) throw new Error(`takes amounts such as cpus:0.01|mem:32, not ${text}`);
        return [name, Number(digits)];
      }),
    ),
  );
};
