import { boolean, string } from '@oclif/core/flags';
import { localClusterName } from '../../src/cli/clusters/local-cluster.ts';
import { plenumHome } from '../../src/cli/clusters/plenum-home.ts';
import { CliError } from '../../src/cli/errors/cli-error.ts';
import { duration } from '../../src/cli/flags.ts';
import { JsonCommand } from '../../src/cli/json-command.ts';
import type { Column } from '../../src/cli/output/table.ts';
import { clusterFolder } from '../../src/cluster/cluster-folder.ts';
import { joinToken, LOCAL_USER, operatorToken } from '../../src/cluster/local-access.ts';
import { type OperatorToken, operatorsOf, revokeOperator } from '../../src/cluster/operators.ts';
import { clusterStatus } from '../../src/cluster/status.ts';

const DEFAULT_LIFE_MS = 30 * 86_400_000;

const COLUMNS: readonly Column<OperatorToken>[] = [
  { heading: 'OPERATOR', value: ({ operator }) => operator },
  { heading: 'MADE', value: ({ made }) => made },
  { heading: 'EXPIRES', value: ({ expires }) => expires },
];

export default class ClusterToken extends JsonCommand {
  static override summary = 'Show the token with which agents join a cluster of this machine';
  static override description =
    `Keep it in a file that only you may read, and give that to plenum agent --join-token-file.
With --operator it makes a token for a person or a program that is to use the cluster from elsewhere. --list shows
those that are still good, and --revoke NAME ends all that somebody has: the cluster's servers know within a second,
agents on other machines let it read there until it expires.`;
  static override examples = [
    '<%= config.bin %> cluster token',
    '<%= config.bin %> cluster token --rotate',
    '<%= config.bin %> cluster token --operator alice --valid-for 8h',
    '<%= config.bin %> cluster token --revoke alice',
  ];
  static override flags = {
    name: string({ description: 'Name of the cluster; default: the attached local one, else local' }),
    rotate: boolean({
      description: 'Make another one first: nobody joins with the former, and agents that have joined stay',
    }),
    operator: string({
      description: 'Make a token for this person or program instead',
      helpValue: 'NAME',
      exclusive: ['rotate'],
    }),
    list: boolean({
      description: 'List the tokens of operators that are still good instead',
      exclusive: ['rotate', 'operator'],
    }),
    revoke: string({
      description: 'End all tokens of this person or program instead',
      helpValue: 'NAME',
      exclusive: ['rotate', 'operator', 'list'],
    }),
    'valid-for': duration({
      description: "How long the operator's token is good for; default: 30 days",
      helpValue: 'TIME',
      dependsOn: ['operator'],
    }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(ClusterToken);
    const home = plenumHome(this.terminal.env);
    const name = localClusterName(home, flags.name);
    if (!clusterStatus(home, name).isSecured) {
      throw new CliError('conflict', `Cluster ${name} has no TLS: nobody else can reach it`, {
        hint: 'A cluster that other machines can join is started with plenum up --host ADDRESS',
      });
    }
    const folder = clusterFolder(home, name);
    if (flags.list) {
      const tokens = operatorsOf(folder);
      if (flags.json) this.printJson(tokens);
      else await this.printTable(COLUMNS, tokens);
      return;
    }
    if (flags.revoke !== undefined) {
      const revoked = revokeOperator(folder, flags.revoke);
      if (flags.json) this.printJson({ operator: flags.revoke, revoked });
      else this.note(`Every token of ${flags.revoke} has ended; ${revoked} were listed`);
      return;
    }
    if (flags.operator === LOCAL_USER) {
      throw new CliError('usage', `The name ${LOCAL_USER} is kept for the user of the cluster's own machine`);
    }
    const lifeMs = flags['valid-for'] ?? DEFAULT_LIFE_MS;
    const token =
      flags.operator === undefined
        ? joinToken(folder, flags.rotate)
        : operatorToken(folder, { sub: flags.operator, lifeMs });
    if (flags.json) this.printJson({ name, token });
    else this.print(`${token}\n`);
  }
}
