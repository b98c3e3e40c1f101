import type { DefinitionSettings } from '../../definition-settings.ts';
import type { Violation } from '../../violation.ts';
import type { PodDefinition } from '../pod.ts';

/** Finds what is wrong about one side of a completed pod. */
export type PodRule = (pod: PodDefinition, settings: DefinitionSettings) => Iterable<Violation>;
