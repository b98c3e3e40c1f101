/** Texts of `plenum help GUIDE`. */
export const GUIDES: Readonly<Record<string, { readonly summary: string; readonly text: string }>> = {
  'exit-codes': {
    summary: 'How commands tell scripts how they ended',
    text: `EXIT CODES
  0    done
  1    failed
  2    wrong usage
  3    not found
  4    conflict: it exists already, is in use, or a deployment holds it
  5    refused, or not logged in
  6    the cluster cannot be reached, or none was chosen
  7    timed out
  130  interrupted

Results are on standard output; errors, progress and notes are on standard error.
`,
  },
  output: {
    summary: 'How results are printed',
    text: `OUTPUT
  -o table            aligned columns, as without -o; no colours and nothing cut off where it is no terminal
  -o wide             with all columns that there are
  -o name             ids, one a line; -q is the same where a command has it
  -o json             what the API answered, whole; --json is the same
  -o yaml             the same as YAML
  -o jsonpath=PATH    every value at a path, one a line
  -o jsonpath=TEXT    a text with paths in braces
  -o custom-columns=HEADING:PATH,…
                      a table of your own, a row for each element

Paths are those of RFC 9535, with or without the $ before them:

  plenum task list -o "jsonpath=[?@.state == 'TASK_RUNNING'].id"
  plenum node list -o custom-columns=HOST:.hostname,CPUS:.resources.cpus
  plenum marathon app list -o 'jsonpath={range [*]}{.id}{"\\t"}{.instances}{"\\n"}{end}'
`,
  },
  environment: {
    summary: 'Variables that steer commands',
    text: `ENVIRONMENT
  PLENUM_HOME     folder of all files of Plenum; default: ~/.plenum
  PLENUM_CLUSTER  name, id or URL of the cluster that is meant; --cluster wins over it
  PLENUM_TOKEN    the token to send, in place of the one that was set up
  PLENUM_DEBUG    set to anything: errors are printed with where they were thrown
  PLENUM_USERNAME, PLENUM_PASSWORD
                  as whom plenum auth login logs in
  NO_COLOR        set to anything: no colours
  FORCE_COLOR     set to 1: colours even where no terminal is

Those of the DC/OS command line count where Plenum's own are not set: DCOS_CLUSTER, DCOS_URL, DCOS_ACS_TOKEN,
DCOS_SSL_VERIFY (true, false or a file of authorities), DCOS_TIMEOUT (seconds), DCOS_USERNAME, DCOS_PASSWORD.
`,
  },
};
