import { type Rule, violationIf } from './rule.ts';

/** What is run: cmd, args, or what the image says (marathon.md 2.2). */
export const commandRules: Rule = function* ({ cmd, args, container }) {
  yield* violationIf(cmd?.length === 1, '/cmd', 'must not be an empty string');
  const hasImage = (container?.docker?.image ?? '') !== '';
  const isNothing = cmd === undefined && args === undefined && !hasImage;
  yield* violationIf(
    isNothing || (cmd !== undefined && args !== undefined),
    '/',
    "AppDefinition must either contain one of 'cmd' or 'args', and/or a 'container'.",
  );
};
