import { BaseCommand, type CommandClass } from './base-command.ts';
import type { CliConfig } from './cli-config.ts';
import { currentCluster } from './clusters/current-cluster.ts';
import { plenumHome } from './clusters/plenum-home.ts';
import { interruption, isInterruption } from './errors/cli-error.ts';
import { CommandExit } from './errors/command-exit.ts';
import { EXIT_CODES } from './errors/exit-codes.ts';
import { explainError, explanationText } from './errors/explain-error.ts';
import { unknownCommandError, usageError } from './errors/explain-usage-error.ts';
import { GUIDES } from './guides.ts';
import { resolveCommand } from './resolve-command.ts';
import { ALIASES, OLD_FORMS } from './topics.ts';

export interface CliOptions {
  readonly args: readonly string[];
  /** By id. */
  readonly commands: Readonly<Record<string, CommandClass>>;
  readonly config: CliConfig;
}

/** Runs what was typed, and gives the exit code. Errors are explained here, for all commands alike. */
export const runCli = async (options: CliOptions): Promise<number> => {
  const { terminal } = options.config;
  try {
    await run(options);
    return EXIT_CODES.done;
  } catch (error) {
    if (error instanceof CommandExit) return error.code;
    const explanation = explainError(terminal.signal.aborted ? interruptedBy(error) : error);
    terminal.err.write(`${explanationText(explanation)}\n`);
    if (terminal.env.PLENUM_DEBUG) terminal.err.write(`${explanation.stack ?? ''}\n`);
    return EXIT_CODES[explanation.outcome];
  }
};

/** What fails after an interruption failed because of it, unless it knows more to say about it. */
const interruptedBy = (error: unknown): unknown => (isInterruption(error) ? error : interruption());

const run = async ({ args: typed, commands, config: plain }: CliOptions): Promise<void> => {
  const { args, config } = withoutPager(typed, plain);
  const { terminal } = config;
  const ids = new Set(Object.keys(commands));
  if (!isOwnWord(args[0] === 'help' ? args[1] : args[0], ids)) await runIfExternal(args, config);
  const resolution = resolveCommand(args, {
    ids,
    aliases: ALIASES,
    // As with the original, any value of the variable is for programs that want to be told.
    oldForms: terminal.env.DCOS_CLI_STRICT_DEPRECATIONS === undefined ? OLD_FORMS : {},
    guides: Object.keys(GUIDES),
    takesArguments: (id) => takesArguments(commands[id]),
  });
  await withPagerIfLong(resolution, config, (own) => act(resolution, { commands, config: own }));
};

type Resolution = ReturnType<typeof resolveCommand>;

const act = async (
  resolution: Resolution,
  { commands, config }: Pick<CliOptions, 'commands' | 'config'>,
): Promise<void> => {
  const { terminal } = config;
  switch (resolution.type) {
    case 'version':
      return terminal.out.write(`plenum version ${config.version}\n`);
    case 'help': {
      const { showHelp } = await import('./show-help.ts');
      return showHelp(resolution.id, config);
    }
    case 'guide': {
      const { showGuide } = await import('./show-help.ts');
      return showGuide(resolution.name, config);
    }
    case 'unknown':
      throw unknownCommandError(resolution.words, resolution.topic, Object.keys(commands));
    case 'command': {
      const command = commands[resolution.id];
      if (command === undefined) throw unknownCommandError([resolution.id], '', Object.keys(commands));
      command.id = resolution.id;
      if (resolution.isOld) {
        const [topic = ''] = resolution.id.split(':');
        terminal.err.write(
          `plenum ${resolution.id.replaceAll(':', ' ')} is how this is typed now; plenum ${topic} --help shows the rest\n`,
        );
      }
      await start(command, resolution.argv, config);
    }
  }
};

/** `--no-pager` may stand anywhere among what is Plenum's own: no command has it as a flag. */
const withoutPager = (
  args: readonly string[],
  config: CliConfig,
): { args: readonly string[]; config: CliConfig } => {
  const end = args.indexOf('--');
  const own = end < 0 ? args : args.slice(0, end);
  if (!own.includes('--no-pager')) return { args, config };
  const { terminal } = config;
  const env = { ...terminal.env, PLENUM_PAGER: '' };
  const rest = [...own.filter((word) => word !== '--no-pager'), ...(end < 0 ? [] : args.slice(end))];
  return { args: rest, config: config.at({ ...terminal, env }) };
};

/** Does it on the terminal itself, or by way of a pager where a person reads at one. */
const withPagerIfLong = async (
  resolution: Resolution,
  config: CliConfig,
  perform: (config: CliConfig) => Promise<void>,
): Promise<void> => {
  const { terminal } = config;
  const isText = resolution.type === 'help' || resolution.type === 'guide';
  if (!terminal.out.isTty || !(isText || resolution.type === 'command')) return perform(config);
  const { isPaged, pagerCommand, withPager } = await import('./output/pager.ts');
  const command = pagerCommand(terminal.env);
  const isFit = isText || (resolution.type === 'command' && isPaged(resolution.id, resolution.argv));
  if (command === undefined || !isFit) return perform(config);
  const isWanted = (): boolean => isPagingWanted(terminal.env);
  await withPager({ terminal, command, isWanted }, (paged) => perform(config.at(paged)));
};

/** What is kept of the current cluster may say no. */
const isPagingWanted = (env: Readonly<NodeJS.ProcessEnv>): boolean => {
  try {
    const { settings = {} } = currentCluster({ home: plenumHome(env), env });
    return !/^(false|f|0)$/i.test(settings['core.pagination'] ?? '');
  } catch {
    return true;
  }
};

/** Whether Plenum itself knows what to do with the first word; nobody else is asked then. */
const isOwnWord = (word = '', ids: ReadonlySet<string>): boolean => {
  if (word === '' || word.startsWith('-') || word === 'help' || ids.has(word)) return true;
  if (Object.hasOwn(ALIASES, word) || Object.hasOwn(GUIDES, word)) return true;
  for (const id of ids) if (id.startsWith(`${word}:`)) return true;
  return false;
};

/** Runs a plugin, or a program plenum-NAME; returns when there is none of that name. */
const runIfExternal = async (args: readonly string[], config: CliConfig): Promise<void> => {
  const isHelp = args[0] === 'help';
  const [name = '', ...rest] = isHelp ? args.slice(1) : args;
  const { externalCommand, runExternal } = await import('./plugins/run-external.ts');
  const command = externalCommand(name, config);
  if (command) await runExternal(command, isHelp ? [...rest, '--help'] : rest, config);
};

const takesArguments = (command: CommandClass | undefined): boolean =>
  command !== undefined && (!command.strict || Object.keys(command.args).length > 0);

const start = async (command: CommandClass, argv: readonly string[], config: CliConfig): Promise<void> => {
  try {
    await BaseCommand.start(command, [...argv], config);
  } catch (error) {
    throw usageError(error, {
      name: command.id.replaceAll(':', ' '),
      flags: Object.keys({ ...command.baseFlags, ...command.flags }),
    });
  }
};
