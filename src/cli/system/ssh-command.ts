/** How a node is reached by SSH (cli.md 7.7). */
export interface SshTarget {
  readonly host: string;
  /** Another host that leads there. */
  readonly proxy: string | undefined;
  readonly user: string | undefined;
  readonly configFile: string | undefined;
  /** `-o` of ssh. */
  readonly options: readonly string[];
  /** What is run there, as separate words; none for a shell. */
  readonly command: readonly string[];
}

/** The arguments of the user's own ssh: directly, or by a proxy that has the agent's keys forwarded. */
export const sshArguments = ({ host, proxy, user, configFile, options, command }: SshTarget): string[] => {
  const settings = options.flatMap((option) => ['-o', option]);
  const config = configFile === undefined ? [] : ['-F', configFile];
  const login = user === undefined || configFile !== undefined ? [] : ['-l', user];
  const own = [...settings, ...config, ...login, '-A', '-t'];
  if (proxy === undefined) return [...own, host, ...command];
  return [...own, proxy, 'ssh', ...settings, ...login, '-A', '-t', host, ...command];
};
