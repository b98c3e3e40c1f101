import type { ProcessIdentity } from '../core/state.ts';
import type { Capabilities } from '../isolators/isolator.ts';
import type { RLimit } from '../isolators/preparation-parts.ts';
import type { UserIdentity } from './system-user.ts';

/** One command to start, which waits for leave to run. */
export interface LaunchOrder {
  /** Program and arguments. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** On the host: where the command starts, unless it has a root folder of its own. */
  readonly sandbox: string;
  /** Where the notes on how the command ended go. */
  readonly exitFile: string;
  /** Files that take the command's output. */
  readonly stdout: string;
  readonly stderr: string;
  readonly user: UserIdentity | undefined;
  /** What only a launcher of shells can do; absent for a plain process. */
  readonly isolation?: LaunchIsolation;
}

/** How a command is set apart from the rest of the machine. */
export interface LaunchIsolation {
  readonly namespaces: {
    readonly mount: boolean;
    readonly pid: boolean;
    /** True for one of its own, or the file of one to join. */
    readonly net: boolean | string;
    readonly ipc: boolean | string;
    readonly uts: boolean | string;
  };
  /** Shell commands, run in the namespaces, with what is said when one fails. */
  readonly setup: readonly { readonly run: string; readonly otherwise: string }[];
  /** Files that the shell writes 0 to. */
  readonly cgroups: readonly string[];
  readonly rlimits: readonly RLimit[];
  readonly capabilities: Capabilities | undefined;
  readonly umask: number | undefined;
  /** Another folder of the host that is its root; set up by `setup`. */
  readonly rootfs: string | undefined;
  /** As the command sees it; '.' is the sandbox. */
  readonly workingDirectory: string;
}

/** A command that waits for leave. */
export interface LaunchedProcess {
  /** Of the shell that waits for the command and notes its end. */
  readonly identity: ProcessIdentity;
  /** Lets the command run. */
  release(): void;
  /** Ends it; its command has not run and never will. */
  abandon(): void;
  /** Resolves when the shell is gone, as far as this launcher can tell. */
  readonly ended: Promise<void>;
}

/** Starts commands. */
export interface Launcher {
  /** In the words of --launcher. */
  readonly name: 'linux' | 'posix';
  /** Rejects, with a message for people, when the command cannot be started. */
  launch(order: LaunchOrder): Promise<LaunchedProcess>;
  /** Lets go of everything; what was released goes on, what was not ends. */
  close(): void;
}
