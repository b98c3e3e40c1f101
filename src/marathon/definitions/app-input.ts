import type { App, HealthCheck, PortMapping, Volume } from '../../../schemas/generated/app.ts';

/** T, read-only at every depth. */
export type Frozen<T> = T extends object ? { readonly [Key in keyof T]: Frozen<T[Key]> } : T;

/** An app as the schema lets it be sent, old forms included; what was not given is absent. */
export type LegacyAppInput = Frozen<Partial<App>>;

/** An app in today's form, or some fields of one. Every AppDefinition is one. */
export type AppInput = Omit<LegacyAppInput, 'ports' | 'uris' | 'ipAddress'>;

export type ContainerInput = NonNullable<AppInput['container']>;
export type PortMappingInput = Frozen<PortMapping>;
export type VolumeInput = Frozen<Volume>;
export type HealthCheckInput = Frozen<HealthCheck>;
export type NetworksInput = NonNullable<AppInput['networks']>;
export type UpgradeStrategyInput = NonNullable<AppInput['upgradeStrategy']>;
export type UnreachableStrategyInput = NonNullable<AppInput['unreachableStrategy']>;
