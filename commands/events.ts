import { option, string } from '@oclif/core/flags';
import { ClusterCommand } from '../src/cli/cluster-command.ts';
import { clusterEvents } from '../src/cli/events/cluster-events.ts';
import { createPaint } from '../src/cli/output/paint.ts';

const TYPE_WIDTH = 30;

export default class Events extends ClusterCommand {
  static override summary = 'Show what happens in the cluster, as it happens';
  static override description =
    `Events of the master and of Marathon in one stream, until it is interrupted. With --json each is a line of JSON, with the event as the server sent it.`;
  static override examples = [
    '<%= config.bin %> events',
    `<%= config.bin %> events --type 'deployment_*' --type TASK_UPDATED`,
    '<%= config.bin %> events --about /web --json',
  ];
  static override flags = {
    type: string({
      description: 'Only events of this type, or a glob; may be given several times',
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'TYPE',
    }),
    about: string({ description: 'Only events with this text in them, such as an id', helpValue: 'TEXT' }),
    source: option({ description: 'Only those of one server', options: ['mesos', 'marathon'] as const })(),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Events);
    const paint = await createPaint(this.terminal.out.hasColor);
    const types = (flags.type ?? []).map(globOf);
    for await (const { event, ...facts } of clusterEvents(this.connect(flags), Date.now)) {
      if (flags.source !== undefined && facts.source !== flags.source) continue;
      if (types.length > 0 && !types.some((glob) => glob.test(facts.type))) continue;
      if (flags.about !== undefined && !JSON.stringify(event).includes(flags.about)) continue;
      if (flags.json) this.print(JSON.stringify({ ...facts, event }));
      else this.print(`${paint.faint(facts.time)} ${facts.type.padEnd(TYPE_WIDTH)} ${facts.text}`.trimEnd());
    }
  }
}

const globOf = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    'i',
  );
