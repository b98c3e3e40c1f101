import type { AppDefinition } from '../app.ts';
import type { DefinitionSettings, Feature } from '../definition-settings.ts';
import type { Violation } from '../violation.ts';

/** Finds what is wrong about one side of a completed app. */
export type Rule = (app: AppDefinition, settings: DefinitionSettings) => Iterable<Violation>;

/** A list of violations with only the one that holds, or none. */
export const violationIf = (isViolated: boolean, path: string, message: string): Violation[] =>
  isViolated ? [{ path, message }] : [];

/** What an app must not use unless the feature is switched on. */
export const featureViolations = (
  isUsed: boolean,
  feature: Feature,
  path: string,
  { features }: DefinitionSettings,
): Violation[] =>
  violationIf(
    isUsed && !features.has(feature),
    path,
    `Feature ${feature} is not enabled. Enable with --enable_features ${feature})`,
  );

/** Whether no text occurs twice. */
export const areUnique = (texts: readonly (string | number)[]): boolean =>
  new Set(texts).size === texts.length;

export const isRegularExpression = (text: string): boolean => {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
};
