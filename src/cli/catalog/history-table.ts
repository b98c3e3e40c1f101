import type { ServiceHistoryEntry } from '../../clients/cosmos-types.ts';
import { isJsonObject } from '../../universe/json/json.ts';
import { maskSecrets } from '../../universe/options/mask-secrets.ts';
import type { Column } from '../output/table.ts';

const ACTIONS: Readonly<Record<ServiceHistoryEntry['action'], string>> = {
  INSTALLED: 'installed',
  UPDATED: 'updated',
  ROLLED_BACK: 'rolled back',
  FOUND: 'changed elsewhere',
};

/** An entry as it may be looked at over a shoulder; the config schema says which options are passwords. */
export const withoutSecrets = (
  entry: ServiceHistoryEntry,
  config: object | undefined,
): ServiceHistoryEntry =>
  isJsonObject(config) && isJsonObject(entry.options)
    ? { ...entry, options: maskSecrets(config, entry.options) }
    : entry;

export const HISTORY_COLUMNS: readonly Column<ServiceHistoryEntry>[] = [
  { heading: 'NUMBER', value: ({ id, current }) => (current ? `${id}*` : id) },
  { heading: 'AT', value: ({ at }) => at },
  { heading: 'ACTION', value: ({ action }) => ACTIONS[action] },
  { heading: 'VERSION', value: ({ packageVersion }) => packageVersion },
  { heading: 'OPTIONS', value: ({ options }) => JSON.stringify(options), isCut: true },
];
