import type { TTYInfo } from '../../mesos/generated/mesos.ts';
import { quoteAll } from '../processes/shell-words.ts';

/** A pipe in the sandbox of a container with a terminal: what is written to it is typed there. */
export const TERMINAL_INPUT = '.terminal';

/**
 * Run with the container's rights, in its root folder: `script` holds a pseudo terminal for the command, copies what it prints
 * to the standard output and what comes through the pipe to its input, and ends as it does. All of it outlives the agent.
 * Arguments: the command as one text.
 */
const SCRIPT = `
command -v script >/dev/null || { echo 'There is no program script (util-linux), which holds terminals' >&2; exit 127; }
input=$MESOS_SANDBOX/${TERMINAL_INPUT}
rm -f "$input"
mkfifo -m 600 "$input" || exit 126
exec script --quiet --flush --return --echo always --command "$1" /dev/null <>"$input"
`;

/** A command line for a container whose ContainerInfo has tty_info. */
export const inTerminalOfItsOwn = (command: readonly string[], { window_size }: TTYInfo): string[] => {
  const size = window_size ? `stty rows ${window_size.rows} cols ${window_size.columns} 2>/dev/null; ` : '';
  return ['/bin/sh', '-c', SCRIPT, 'plenum-terminal', `${size}exec ${quoteAll(command)}`];
};
