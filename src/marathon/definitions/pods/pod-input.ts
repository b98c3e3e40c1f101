import type { Endpoint, Pod, PodContainer } from '../../../../schemas/generated/pod.ts';
import type { Frozen } from '../app-input.ts';

/** A pod as the schema lets it be sent; what was not given is absent. */
export type PodInput = Frozen<Pod>;

export type PodContainerInput = Frozen<PodContainer>;
export type PodEndpointInput = Frozen<Endpoint>;
export type PodSchedulingInput = NonNullable<PodInput['scheduling']>;
