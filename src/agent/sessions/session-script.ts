/**
 * What stands between the agent and the command of a session: a shell that joins the container's cgroups, runs the command
 * and notes on file 3 how it ended, as the waiting shell of a container does (exit-notes.ts; file 4, which is the
 * same, takes its complaints about signals). Beside it waits a guard for the end of file 5, whose other end only the agent holds: when the agent dies,
 * however it dies, the guard kills the command with all that descends from it. In a terminal it also holds the agent's ends
 * of its input and output (files 6 and 7): when they closed with the agent, the terminal would hang up, and what is on the
 * way to the command would end before the guard could find what descends from it. Arguments: files to join cgroups by,
 * one a line; the command.
 */
export const SESSION_SCRIPT = `
trap : HUP INT QUIT TERM USR1 USR2 ALRM PIPE
while read -r file; do
  [ -z "$file" ] || echo 0 >"$file" || { echo "failed Cannot join the cgroup of $file" >&3; exit 0; }
done <<PLENUM
$1
PLENUM
shift
(
  trap '' HUP INT QUIT TERM USR1 USR2 ALRM PIPE
  tree() {
    for list in /proc/$1/task/*/children; do
      children=
      read -r children <"$list"
      for child in $children; do
        [ "$child" = "$own" ] && continue
        found="$found $child"
        tree "$child"
      done
    done
  }
  read -r own rest </proc/self/stat
  read -r gone <&5
  # Its end must not be noticed halfway: it would end the guard.
  kill -s STOP $$
  found=
  tree $$
  for child in $found; do kill -s KILL -- "-$child"; kill -s KILL "$child"; done
  kill -s KILL $$
) 3>&- 4>&- </dev/null >/dev/null 2>&1 &
guard=$!
echo started >&3
exec 6<&- 7<&- 8>&2 2>&4
( exec "$@" ) 2>&8 3>&- 4>&- 5>&- 8>&-
echo "$?" >&3
kill -s KILL $guard
`;
