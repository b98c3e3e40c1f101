/** Abilities that have to be switched on (marathon.md 1.12). */
export type Feature = 'vips' | 'task_killing' | 'external_volumes' | 'secrets' | 'gpu_resources';

/** What definitions depend on beside themselves; Marathon's flags. */
export interface DefinitionSettings {
  /** The role of apps that name none, and that every app may have. */
  readonly mesosRole: string;
  /** The network of apps that want a container network and name none. */
  readonly defaultNetworkName?: string;
  readonly features: ReadonlySet<Feature>;
  /** Service ports are assigned from `min` on, below `max`. */
  readonly servicePorts: { readonly min: number; readonly max: number };
  /** Whether new top-level groups enforce their role. */
  readonly newGroupEnforceRole: 'off' | 'top';
}

export const DEFAULT_DEFINITION_SETTINGS: DefinitionSettings = {
  mesosRole: '*',
  features: new Set<Feature>(['vips', 'task_killing']),
  servicePorts: { min: 10_000, max: 20_000 },
  newGroupEnforceRole: 'off',
};
