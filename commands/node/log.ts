import { boolean, custom, option, string } from '@oclif/core/flags';
import { optionalArgument } from '../../src/cli/arguments.ts';
import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { CliError } from '../../src/cli/errors/cli-error.ts';
import { duration, linesFlag } from '../../src/cli/flags.ts';
import { findNode } from '../../src/cli/system/find-node.ts';
import { printComponentLog } from '../../src/cli/system/print-component-log.ts';
import { LOG_FORMS } from '../../src/cli/system/print-entries.ts';

export default class NodeLog extends ClusterCommand {
  static override summary = 'Print the log of an agent, or of the servers of the control plane';
  static override examples = [
    '<%= config.bin %> node log --leader',
    '<%= config.bin %> node log --leader --component dcos-marathon --follow',
    '<%= config.bin %> node log 5d6a9a71-1e2f-4d5c-8f5b-2b6f8f1f8c60-S0 --filter PRIORITY:3 --all',
  ];
  static override args = { agent: optionalArgument('Id of the agent') };
  static override flags = {
    leader: boolean({ description: 'The leading master and what runs beside it' }),
    component: string({
      description: 'Only this part; plenum node list-components lists them',
      helpValue: 'NAME',
    }),
    filter: custom<string>({
      parse: async (text) => checkedFilter(text),
      description: 'Only entries with this field; may be given several times',
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'FIELD:VALUE',
    })(),
    lines: linesFlag({ description: 'How many entries of the end' }),
    since: duration({ description: 'Only entries of the last so long, such as 10m', helpValue: 'TIME' }),
    all: boolean({ description: 'All entries' }),
    follow: boolean({ description: 'Go on with what is written from now on', char: 'f' }),
    output: option({ description: 'The form', char: 'o', options: LOG_FORMS, default: 'short' as const })(),
    'mesos-id': string({ description: 'The former name of the argument', hidden: true }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(NodeLog);
    const { mesos, system } = this.connect(flags);
    const node = await findNode(mesos, { leader: flags.leader, agentId: args.agent ?? flags['mesos-id'] });
    const { component, filter: filters } = flags;
    const query = {
      agentId: node === 'leader' ? undefined : node.id,
      component,
      filters,
      last: flags.all || flags.since !== undefined ? 0 : flags.lines,
    };
    const form = flags.json ? 'json' : flags.output;
    const count = await printComponentLog(system, query, {
      form,
      isFollowed: flags.follow,
      sinceMs: flags.since === undefined ? undefined : Date.now() - flags.since,
      terminal: this.terminal,
    });
    if (count === 0) throw new CliError('not-found', 'Nothing was logged');
  }
}

/** Throws CliError. */
const checkedFilter = (text: string): string => {
  if (/^[^:]+:/.test(text)) return text;
  throw new CliError('usage', `"${text}" is no filter`, { hint: 'Such as PRIORITY:3' });
};
