import type { Aspect } from './compare.ts';

/** A difference that is meant, and why. */
export interface Difference {
  /** Matches `FILE:NUMBER COMMAND`, as the tests are called. */
  readonly calls: RegExp;
  readonly aspects: readonly Aspect[];
  readonly reason: string;
}

/** All of them: a test fails that differs in anything else, and one of these that nothing differs by any more. */
export const DIFFERENCES: readonly Difference[] = [
  {
    calls: /dcos (task|node|service)\b/,
    aspects: ['reads'],
    reason:
      'Tasks, agents and frameworks are asked for by themselves; the whole state, which may be many megabytes, only where a proxy lets nothing else through',
  },
  {
    calls: /dcos task (exec|attach)/,
    aspects: ['changes'],
    reason: 'The calls of the agent are sent as JSON, as the Python command line did, and not as protobuf',
  },
  {
    calls: /dcos task exec -it /,
    aspects: ['stdout', 'changes'],
    reason: 'That there is no terminal is seen before anything is started (cli.md 6.5)',
  },
  {
    calls: /dcos task log sleep(\.aaaa)?$/,
    aspects: ['code', 'stdout'],
    reason:
      'A log that cannot be read is a failure, of one task too, and the others are not headed (cli.md 14.3)',
  },
  {
    calls: /dcos task log sleep.* --follow/,
    aspects: ['stdout'],
    reason: 'What the task wrote is printed as it wrote it, without the time of when it was read',
  },
  {
    calls: /dcos task ls .* --long/,
    aspects: ['stdout'],
    reason: 'Times are of ISO 8601 wherever programs may read them',
  },
  {
    calls: /dcos (task|node) metrics/,
    aspects: ['stdout'],
    reason: 'Memory is measured, bytes are GiB of 1024³, and loads have decimals (cli.md 14.3)',
  },
  {
    calls: /dcos node list --field/,
    aspects: ['stdout'],
    reason: 'Fields that were asked for follow the columns CPUS and MEM that Plenum added',
  },
  {
    calls: /^obs7:\d+ dcos node list$/,
    aspects: ['code', 'stdout'],
    reason: 'A cluster that resolves no names of masters still has nodes',
  },
  {
    calls: /dcos node log (--leader|--mesos-id|a1b2)/,
    aspects: ['stdout'],
    reason: 'Times are of ISO 8601 with a blank behind them, and no field of an entry is lost (cli.md 14.3)',
  },
  {
    calls: /dcos node diagnostics (list|--list)/,
    aspects: ['code', 'stdout', 'reads'],
    reason: 'Sizes are MiB of 1024²; the flags that the original had given up before are not taken up again',
  },
  {
    calls: /^obs1:\d+ dcos marathon app list$/,
    aspects: ['stdout'],
    reason:
      'In a pipe commands are not cut, an app with an empty list of checks has no health, and deployments are shown by what they affect',
  },
  {
    calls: /dcos marathon (app|group) add/,
    aspects: ['code', 'stdout', 'reads', 'changes'],
    reason:
      'Marathon itself refuses an id that is taken: nobody is asked beforehand (which the stand-in does not)',
  },
  {
    calls: /dcos marathon app (start|stop) /,
    aspects: ['changes'],
    reason: 'The path names the app: its id is not repeated',
  },
  {
    calls: /dcos (marathon|job) .*\bnope\b|dcos job (add|update) job.json/,
    aspects: ['reads'],
    reason: 'Of what is not there, what was probably meant is looked up',
  },
  {
    calls: /dcos marathon app kill sleep( --host.*)?$/,
    aspects: ['stdout'],
    reason: 'The same JSON in one line, with the members in the order that Marathon has them',
  },
  {
    calls: /dcos marathon app kill sleep --scale$/,
    aspects: ['stdout', 'reads', 'changes'],
    reason: 'One call kills and scales, and every change prints "Created deployment ID" (cli.md 14.1, 19.7)',
  },
  {
    calls: /dcos marathon (app|group) remove [a-z]+( --force)?$/,
    aspects: ['stdout', 'changes'],
    reason:
      'Every change prints its deployment; that nothing is forced is said, Marathon forces it otherwise',
  },
  {
    calls: /dcos marathon app update sleep (bad|a=1 a=2)$/,
    aspects: ['reads'],
    reason: 'What was typed is understood before the cluster is asked',
  },
  {
    calls: /dcos marathon debug summary sleep$/,
    aspects: ['code', 'stdout'],
    reason: 'Ids come with or without their first slash, here too',
  },
  {
    calls: /dcos marathon debug details x --json/,
    aspects: ['code'],
    reason: 'What is not there is not found, in JSON too',
  },
  {
    calls: /dcos marathon deployment list$/,
    aspects: ['stdout'],
    reason: 'A deployment is one line: what it affects is separated by commas',
  },
  {
    calls: /dcos marathon deployment rollback/,
    aspects: ['stdout'],
    reason: 'Every change prints "Created deployment ID"; --json prints the object (cli.md 19.7)',
  },
  {
    calls: /dcos marathon deployment watch/,
    aspects: ['stdout', 'reads'],
    reason: 'A table that changes in its place instead of JSON on a screen that is wiped, and how it ended',
  },
  {
    calls: /dcos marathon group scale/,
    aspects: ['stdout', 'reads'],
    reason: 'A group that there is not is not made by scaling it; usage is explained in one line',
  },
  {
    calls: /dcos marathon leader show/,
    aspects: ['reads'],
    reason: 'Marathon is asked itself, so that it works where no names are resolved',
  },
  {
    calls: /dcos marathon task list nope/,
    aspects: ['stdout'],
    reason: 'An empty table is its heading, for all commands alike',
  },
  {
    calls: /dcos marathon task kill .*--scale/,
    aspects: ['changes'],
    reason: 'true is written as JSON writes it, and not as Python does',
  },
  {
    calls: /dcos marathon task kill$/,
    aspects: ['stdout', 'changes'],
    reason: 'Nothing to kill is a mistake, and is not sent',
  },
  {
    calls: /dcos marathon --(info|version|config-schema)/,
    aspects: ['code', 'stdout'],
    reason: 'Questions that the wrapper of dcos put to its plugin: there is no plugin to be asked',
  },
  {
    calls:
      /dcos( help)?( nope| (diagnostics|marathon|package|task)| (marathon app|package repo)| (marathon|marathon app|node|package) nope)$/,
    aspects: ['code', 'stdout'],
    reason: 'Help has its own words, and what is no command is a mistake (cli.md 14.3, 19.7)',
  },
  {
    calls: /dcos package (search|describe)/,
    aspects: ['reads'],
    reason: 'What the options are is read before the cluster is asked',
  },
  {
    calls: /dcos package install/,
    aspects: ['code', 'stdout', 'reads', 'changes'],
    reason:
      'Questions are put at a terminal only (cli.md 19.7), so that the stand-in has other packages from then on; the version of the cluster is held against what a package wants',
  },
  {
    calls: /^obs3:\d+ dcos (hello-world|package list)/,
    aspects: ['code', 'stdout'],
    reason:
      'The stand-in of the tests has no plugins to give, and none is invented as an app; ids of apps are separated by commas',
  },
  {
    calls: /dcos package uninstall/,
    aspects: ['code', 'stdout', 'reads', 'changes'],
    reason: 'Questions are put at a terminal only; Cosmos itself says what is not installed, or not clear',
  },
  {
    calls: /dcos package repo list/,
    aspects: ['code', 'stdout'],
    reason: 'The original failed at the stand-in, which could not read its null',
  },
  {
    calls: /dcos package repo import repos.json/,
    aspects: ['code', 'changes'],
    reason: 'What was not added makes it a failure (cli.md 5.8); the file of the recording is not known',
  },
  {
    calls: /dcos package repo remove/,
    aspects: ['reads'],
    reason: 'Repositories are asked for beforehand, to say what is lost',
  },
  {
    calls: /dcos job list$/,
    aspects: ['stdout'],
    reason: 'A job runs that has runs: an empty list of them is none (cli.md 9)',
  },
  {
    calls: /dcos job add \{"id":"j4"/,
    aspects: ['code', 'changes'],
    reason: 'The recording holds the beginning of what was typed only',
  },
  {
    calls: /dcos job schedule (show job2 --json|add job1|update job1)/,
    aspects: ['stdout', 'changes'],
    reason: 'Schedules are passed on and printed as they are: none is switched off unasked (cli.md 14.3)',
  },
  {
    calls: /dcos job add job.json/,
    aspects: ['changes'],
    reason: 'A schedule in a job is passed on as it is: it is not switched off unasked (cli.md 14.3)',
  },
  {
    calls: /dcos service shutdown/,
    aspects: ['code', 'stdout', 'changes'],
    reason: 'The service is looked up, to be named in the question; the original took any id',
  },
  {
    calls: /dcos service log marathon$/,
    aspects: ['code', 'stdout'],
    reason: 'It is read by way of the cluster, not from an address that has to be guessed (cli.md 14.3)',
  },
  {
    calls: /dcos quota (list|get web$)/,
    aspects: ['code', 'stdout', 'reads'],
    reason:
      'Quotas are of roles, whether Marathon has a group of that name or not; amounts have the units of all tables',
  },
  {
    calls: /dcos quota create (web|nope|a\/b) --cpu/,
    aspects: ['code', 'reads', 'changes'],
    reason: 'Frameworks other than Marathon have roles too, and roles of roles: they may have quotas',
  },
  {
    calls: /dcos quota (update|delete) web/,
    aspects: ['reads', 'changes'],
    reason: 'Limits that are not named stay (cli.md 14.3), so that the quota is asked for first',
  },
  {
    calls: /dcos diagnostics (list( --json)?|download && .*)$/,
    aspects: ['stdout'],
    reason:
      'Sizes are MiB of 1024², a time that there is not is none; the listing shows a file of another command',
  },
  {
    calls: /dcos diagnostics wait$/,
    aspects: ['reads'],
    reason: 'The newest is asked for once more by its id, which tells how it ended',
  },
  {
    calls: /dcos calico/,
    aspects: ['reads'],
    reason: 'There is no calicoctl in it',
  },
  {
    calls: /^obs7:(11|12) dcos (package|marathon app) list$/,
    aspects: ['code', 'stdout'],
    reason: 'Without a cluster that is said, with the two ways out',
  },
  {
    calls: /dcos --version/,
    aspects: ['stdout', 'reads'],
    reason: 'It is Plenum',
  },
  {
    calls: /dcos cluster list/,
    aspects: ['stdout', 'reads'],
    reason:
      'The attached cluster is asked for its links whichever is meant, and is the one that bears the mark',
  },
  {
    calls: /dcos (-v )?config (show|keys|set|unset)/,
    aspects: ['code', 'stdout'],
    reason:
      'Defaults are shown as what they are, ids may be shortened everywhere, and keys that nothing reads are left out',
  },
  {
    calls: /dcos (-v )?cluster attach/,
    aspects: ['reads'],
    reason: 'What is set up here is attached without asking any cluster',
  },
  {
    calls: /dcos cluster link/,
    aspects: ['stdout', 'reads'],
    reason: 'Questions are put at a terminal only; the other cluster is asked for its logins first',
  },
  {
    calls: /dcos auth login --username u( bad)?/,
    aspects: ['code', 'stdout', 'changes', 'reads'],
    reason:
      'Passwords are asked for at a terminal only; the file of the tests is for its owner alone already',
  },
  {
    calls: /^obs7:\d+ dcos marathon (app|deployment) list/,
    aspects: ['code', 'stdout', 'reads'],
    reason:
      'DCOS_TIMEOUT counts for all requests, and all parts of a table are asked for at once (cli.md 14.3)',
  },
  {
    calls: /dcos --(debug|log-level=info) plugin list/,
    aspects: ['stdout'],
    reason: 'What the core plugin of dcos did needs no plugin',
  },
  {
    calls: /dcos plugin add/,
    aspects: ['code'],
    reason: 'A file that is no archive is a program; the archive of the recording is not known',
  },
  {
    calls: /dcos completion/,
    aspects: ['code', 'stdout'],
    reason: 'Completion of its own, for fish too',
  },
];
