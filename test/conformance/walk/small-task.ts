import type { JsonObject } from '../captures.ts';

const scalar = (name: string, value: number, role: string): JsonObject => ({
  name,
  type: 'SCALAR',
  scalar: { value },
  allocation_info: { role },
});

/** The task of most captured launches. */
export const smallTask = (id: string, command: string, role = 'golden'): JsonObject => ({
  name: id,
  task_id: { value: id },
  resources: [scalar('cpus', 0.2, role), scalar('mem', 32, role)],
  command: { value: command },
});
