import type { EnvironmentVariable, Secret } from '../../../mesos/generated/mesos.ts';
import type { AppDefinition, EnvironmentValue } from '../../definitions/app.ts';

/** Variables that apps and containers of pods have alike (marathon.md 3.18). */

const LABEL_PREFIX = 'MARATHON_APP_LABEL_';
const LONGEST_LABEL = 512;

/** A variable that a definition sets; the value of a secret is looked up later. */
export const ownVariable = (
  spec: Pick<AppDefinition, 'secrets'>,
  name: string,
  value: EnvironmentValue,
): EnvironmentVariable =>
  typeof value === 'string'
    ? { name, type: 'VALUE', value }
    : { name, type: 'SECRET', secret: secretReference(spec, value.secret) };

/** How Mesos is told where to find one of the definition's secrets. */
export const secretReference = ({ secrets }: Pick<AppDefinition, 'secrets'>, name: string): Secret => ({
  type: 'REFERENCE',
  reference: { name: secrets[name]?.source ?? name },
});

/** With at least one decimal, as clients know it: `128.0`. */
export const decimalText = (value: number): string =>
  Number.isInteger(value) ? value.toFixed(1) : String(value);

/** What is left of a name when only capitals, digits and underscores may be in it. */
export const variableName = (name: string): string => name.replaceAll(/[^A-Za-z0-9_]+/g, '_').toUpperCase();

export const labelVariables = (labels: Readonly<Record<string, string>>): Record<string, string> => {
  const usable = Object.entries(labels).filter(
    ([key, value]) => key.length < LONGEST_LABEL - LABEL_PREFIX.length && value.length < LONGEST_LABEL,
  );
  const names = usable.map(([key]) => variableName(key));
  return {
    MARATHON_APP_LABELS: names.join(' '),
    ...Object.fromEntries(usable.map(([, value], index) => [`${LABEL_PREFIX}${names[index]}`, value])),
  };
};
