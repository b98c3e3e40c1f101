import { boolean, custom } from '@oclif/core/flags';
import { CliError } from '../errors/cli-error.ts';
import { parseAmount } from '../flags.ts';

/** A limit; `none` takes it away. */
type Limit = number | 'none';

const limit = custom<Limit>({
  parse: async (text) => (text === 'none' ? text : parseAmount(text)),
  helpValue: 'AMOUNT',
});

/** Flags by the names that dcos gave them; the resources' own names are others. */
export const QUOTA_FLAGS = {
  cpu: limit({ description: 'Limit of processors; none takes it away' }),
  mem: limit({ description: 'Limit of memory in MiB' }),
  disk: limit({ description: 'Limit of disk in MiB' }),
  gpu: limit({ description: 'Limit of GPUs' }),
  guarantee: custom<readonly [string, number]>({
    description: 'What the role gets in any case, such as cpus=2; may be given several times',
    multiple: true,
    multipleNonGreedy: true,
    helpValue: 'RESOURCE=AMOUNT',
    parse: async (text) => parseGuarantee(text),
  })(),
  force: boolean({ description: 'Even though more is in use, or the cluster has less' }),
};

const RESOURCES = { cpu: 'cpus', mem: 'mem', disk: 'disk', gpu: 'gpus' } as const;

type LimitFlags = Readonly<Partial<Record<keyof typeof RESOURCES, Limit | undefined>>>;
type Amounts = Readonly<Record<string, number>>;

/** The limits there were, with those of the flags put in their place. */
export const changedLimits = (limits: Amounts, flags: LimitFlags): Amounts => {
  const changed = new Map(Object.entries(limits));
  for (const [flag, resource] of Object.entries(RESOURCES)) {
    const value = flags[flag as keyof typeof RESOURCES];
    if (value === 'none') changed.delete(resource);
    else if (value !== undefined) changed.set(resource, value);
  }
  return Object.fromEntries(changed);
};

const parseGuarantee = (text: string): readonly [string, number] => {
  const [, name, value] = /^([a-z][\w.-]*)=(.+)$/i.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new CliError('usage', `"${text}" is not RESOURCE=AMOUNT`, { hint: 'Such as cpus=2 or mem=1024' });
  }
  return [name, parseAmount(value)];
};
