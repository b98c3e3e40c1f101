import type { MarathonPreview } from '../../clients/marathon-types.ts';

/** What differs in one place of a definition, by JSON pointer. */
export type FieldChange = MarathonPreview['diff'][number]['changes'][number];

/** What is to be done about one app, pod or group. */
export interface PlannedChange {
  readonly kind: 'app' | 'pod' | 'group';
  readonly id: string;
  readonly change: 'create' | 'update' | 'delete';
  /** Of an update. */
  readonly changes: readonly FieldChange[];
}
