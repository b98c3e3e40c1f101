import type { ServiceHistoryEntry } from '../../clients/cosmos-types.ts';
import type { Column } from '../output/table.ts';

const ACTIONS: Readonly<Record<ServiceHistoryEntry['action'], string>> = {
  INSTALLED: 'installed',
  UPDATED: 'updated',
  ROLLED_BACK: 'rolled back',
  FOUND: 'changed elsewhere',
};

export const HISTORY_COLUMNS: readonly Column<ServiceHistoryEntry>[] = [
  { heading: 'NUMBER', value: ({ id, current }) => (current ? `${id}*` : id) },
  { heading: 'AT', value: ({ at }) => at },
  { heading: 'ACTION', value: ({ action }) => ACTIONS[action] },
  { heading: 'VERSION', value: ({ packageVersion }) => packageVersion },
  { heading: 'OPTIONS', value: ({ options }) => JSON.stringify(options), isCut: true },
];
