/** How a registry wants to be told who asks (RFC 9110, 11.6.1). */
export interface AuthChallenge {
  /** Lower case: `bearer`, `basic`. */
  readonly scheme: string;
  readonly parameters: Readonly<Record<string, string>>;
}

const LONGEST_HEADER = 8192;
const TOKEN = String.raw`[!#$%&'*+.^_\`|~0-9A-Za-z-]+`;
const PARAMETER = new RegExp(String.raw`^\s*,?\s*(${TOKEN})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|(${TOKEN}))`);
const SCHEME = new RegExp(String.raw`^[\s,]*(${TOKEN})(?=\s|,|$)`);

/** Reads the challenges of a WWW-Authenticate header, in their order; what cannot be understood ends the list. */
export const parseChallenges = (header: string): AuthChallenge[] => {
  const challenges: AuthChallenge[] = [];
  let rest = header.slice(0, LONGEST_HEADER);
  for (;;) {
    const scheme = SCHEME.exec(rest);
    if (!scheme?.[1]) return challenges;
    rest = rest.slice(scheme[0].length);
    const parameters: Record<string, string> = {};
    for (;;) {
      const parameter = PARAMETER.exec(rest);
      if (!parameter?.[1]) break;
      parameters[parameter[1].toLowerCase()] =
        parameter[3] ?? (parameter[2] ?? '').replaceAll(/\\(.)/g, '$1');
      rest = rest.slice(parameter[0].length);
    }
    challenges.push({ scheme: scheme[1].toLowerCase(), parameters });
  }
};
