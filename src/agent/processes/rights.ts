import type { Capabilities } from '../isolators/isolator.ts';
import type { RLimit } from '../isolators/preparation-parts.ts';
import { type HostPrograms, requireProgram } from './host-programs.ts';
import type { UserIdentity } from './system-user.ts';

/** What a command is run with, or without. */
export interface Rights {
  readonly user: UserIdentity | undefined;
  readonly capabilities: Capabilities | undefined;
  readonly rlimits: readonly RLimit[];
}

/** The programs, with arguments, through which a command is run so that it has these rights. Throws when one is missing. */
export const throughPrograms = (
  programs: HostPrograms,
  { user, capabilities, rlimits }: Rights,
): string[] => [
  ...(rlimits.length === 0 ? [] : [requireProgram(programs, 'prlimit'), ...rlimits.map(rlimitOption)]),
  ...(user === undefined && capabilities === undefined
    ? []
    : [requireProgram(programs, 'setpriv'), ...setprivOptions({ user, capabilities })]),
];

/** What setpriv is told. */
export const setprivOptions = ({ user, capabilities }: Omit<Rights, 'rlimits'>): string[] => [
  ...userOptions(user),
  ...capabilityOptions(capabilities),
];

const rlimitOption = ({ type, soft, hard }: RLimit): string => {
  const name = type.replace('RLMT_', '').toLowerCase();
  return `--${name}=${soft ?? 'unlimited'}:${hard ?? 'unlimited'}`;
};

const userOptions = (user: UserIdentity | undefined): string[] =>
  user === undefined ? [] : [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups'];

/**
 * What is effective must be inherited and ambient, too, or it would be lost with the next program. A root user has in the
 * end what the bounding set allows, so that set is narrowed as well when only the effective one was named.
 */
const capabilityOptions = (capabilities: Capabilities | undefined): string[] => {
  const { effective, bounding = effective } = capabilities ?? {};
  return [
    ...(effective === undefined
      ? []
      : [`--inh-caps=${capabilityList(effective)}`, `--ambient-caps=${capabilityList(effective)}`]),
    ...(bounding === undefined ? [] : [`--bounding-set=${capabilityList(bounding)}`]),
  ];
};

const capabilityList = (names: readonly string[]): string =>
  ['-all', ...names.map((name) => `+${name.toLowerCase()}`)].join(',');
