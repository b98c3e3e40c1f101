import { ClusterCommand } from '../../src/cli/cluster-command.ts';
import { quietFlag } from '../../src/cli/flags.ts';
import { formatMiB, formatNumber } from '../../src/cli/output/format.ts';
import type { Column } from '../../src/cli/output/table.ts';
import type { MesosOffer } from '../../src/clients/mesos-types.ts';

type Row = MesosOffer & { readonly framework: string; readonly host: string };

const COLUMNS: readonly Column<Row>[] = [
  { heading: 'ID', value: ({ id }) => id },
  { heading: 'FRAMEWORK', value: ({ framework }) => framework },
  { heading: 'HOST', value: ({ host }) => host },
  { heading: 'CPUS', value: ({ resources }) => formatNumber(resources.cpus ?? 0), isNumber: true },
  { heading: 'MEM', value: ({ resources }) => formatMiB(Number(resources.mem ?? 0)), isNumber: true },
  { heading: 'DISK', value: ({ resources }) => formatMiB(Number(resources.disk ?? 0)), isNumber: true },
];

export default class OfferList extends ClusterCommand {
  static override summary = 'List what the master has offered and nobody has answered yet';
  static override description =
    `An offer that stays here for long is held by its framework, and nobody else can use what is in it.`;
  static override examples = ['<%= config.bin %> offer list'];
  static override flags = { quiet: quietFlag };

  async run(): Promise<void> {
    const { flags } = await this.parse(OfferList);
    const { mesos } = this.connect(flags);
    const [{ frameworks }, slaves] = await Promise.all([mesos.getFrameworks(), mesos.getSlaves()]);
    const hosts = new Map(slaves.map(({ id, hostname }) => [id, hostname]));
    const offers = frameworks.flatMap(({ name, offers: made = [] }) =>
      made.map((offer) => ({ ...offer, framework: name, host: hosts.get(offer.slave_id) ?? offer.slave_id })),
    );
    if (flags.quiet) this.printLines(offers.map(({ id }) => id));
    else if (flags.json) this.printJson(offers);
    else await this.printTable(COLUMNS, offers);
  }
}
