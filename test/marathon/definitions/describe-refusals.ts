import { describe, expect, it } from 'vitest';
import type { DefinitionSettings } from '../../../src/marathon/definitions/definition-settings.ts';
import { violationsOf } from './accept-app.ts';

/** What is refused, with the one violation that it has (or a matcher of it). */
export type Refusal = [
  title: string,
  document: unknown,
  violation: unknown,
  settings?: Partial<DefinitionSettings>,
];

interface Refused {
  readonly kind: string;
  /** What is wrong about a document, as `path: message`. */
  readonly find: (document: unknown, settings?: Partial<DefinitionSettings>) => Promise<string[]>;
}

/** A test for each refusal, by what it is about. */
export const describeRefusals = (
  refusals: Readonly<Record<string, readonly Refusal[]>>,
  { kind, find }: Refused = { kind: 'an app', find: violationsOf },
): void => {
  for (const [about, cases] of Object.entries(refusals)) {
    describe(`${kind} is refused for ${about}:`, () => {
      it.each(cases)('%s', async (_title, document, violation, settings) => {
        expect(await find(document, settings)).toEqual([violation]);
      });
    });
  }
};
