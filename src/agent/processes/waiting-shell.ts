/**
 * What runs between the agent and a command: a shell in a session of its own, which
 * - waits for a line on its standard input before it runs the command, so that nothing ever runs of which the agent has
 *   no durable record; when the agent dies before, it ends without a trace;
 * - notes on file 3 that the command was started, and at its end its exit code, so that this is known although the agent
 *   may be dead by then; without the first note it does not run the command;
 * - survives the signals that are meant for the command's process group; the subshell around the command has them as
 *   they were, since trapped signals (unlike ignored ones) are reset there;
 * - has its own complaints about signals go there, too (see exit-notes.ts).
 * It says `ready` and `ended` with its token and its number on file 6, if anybody listens there.
 */

/** Bash that is called sh keeps to itself which signal has ended a command, until it may be more than POSIX asks for. */
const SURVIVE = `
command set +o posix 2>/dev/null
trap : HUP INT QUIT TERM USR1 USR2 ALRM PIPE`;

/** For a launcher that is its parent, so sees what becomes of it. Arguments: the command. */
export const PLAIN_SCRIPT = `
${SURVIVE}
read -r leave || exit 0
echo started >&3 || exit 0
exec 5>&2 2>&3
( exec "$@" ) </dev/null 2>&5 3>&- 5>&-
echo "$?" >&3
`;

/**
 * Finds its own number as the host counts it, by the host's /proc that is open as file 7, and takes its standard error,
 * which is file 4, back from the notes. What is set up may fail with a note, and may take long: who it is is told before.
 */
const SET_UP = `
exec 2>&4 4>&-
${SURVIVE}
token=$1 setup=$2 join=$3; shift 3
read -r pid rest </proc/self/fd/7/self/stat
exec 7<&-
[ -z "$setup" ] || echo "forked $token $pid" >&6
fail() { echo "failed $1" >&3; echo "ended $token" >&6; exit 0; }
eval "$setup"
`;

const END = `
echo "$?" >&3
{ echo "ended $token" >&6; } 2>/dev/null
`;

/**
 * Arguments: token, what is to be set up first, what while the agent writes down that there is this process, what becomes the
 * command, and the command.
 */
export const REPORTING_SCRIPT = `
${SET_UP}
run=$1; shift
echo "ready $token $pid" >&6 || exit 0
eval "$join"
read -r leave || exit 0
[ "$leave" = "$token" ] || exit 0
echo "taken $token" >&6
echo started >&3 || exit 0
exec </dev/null 5>&2 2>&3
( eval "$run" ) 2>&5 3>&- 5>&- 6>&-
${END}`;

/**
 * The same for a command with a root folder of its own, in which the shell was placed by what was set up. Once that folder
 * is the root none of the host's programs can be reached any more. So the programs that take rights away, and the shell
 * that will become the command, are run before that: it says `waiting`, and a first line gives leave to change the root,
 * which moves the processes that are there. The old root lies hidden on the new one until the agent has it taken away from
 * outside, which it does before the second line. A fourth argument is the path of pivot_root.
 */
export const ROOTED_SCRIPT = `
${SET_UP}
pivot=$1; shift
eval "$join"
exec 5>&2 2>&3
{ read -r leave || exit 0
"$pivot" . . 2>&5 || { echo "failed Cannot change the root folder" >&3; exit 0; }
echo "ready $token $pid" >&6 || exit 0
read -r leave || exit 0
[ "$leave" = "$token" ] || exit 0
echo "taken $token" >&6
echo started >&3 || exit 0
echo leave; } | ( exec "$@" ) 2>&5 3>&- 5>&-
${END}`;

/**
 * Becomes the command at last: sets its environment, which no program that root runs may see, and goes to its folder. It is
 * there already when that is '.': a user may be where the way to is closed to him. Arguments: the folder, the command.
 */
export const FINAL_SCRIPT = `
for name in $PLENUM_ENVIRONMENT; do eval "part=\\$$name"; unset "$name"; eval "$part"; done
unset PLENUM_ENVIRONMENT part name
[ "$1" = . ] || cd "$1" || exit 125
shift
exec "$@"
`;

/** The same for a shell that waits until its root folder is the right one. The first argument is its token. */
export const FINAL_WAITING_SCRIPT = `
echo "waiting $1" >&6
exec 6>&-
shift
read -r leave || exit 125
exec </dev/null
${FINAL_SCRIPT}`;
