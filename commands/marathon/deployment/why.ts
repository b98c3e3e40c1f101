import { absoluteId } from '../../../src/cli/apps/app-id.ts';
import { findDeployment } from '../../../src/cli/apps/deployment-outcome.ts';
import { explainDeployment, explainEnd } from '../../../src/cli/apps/explain-deployment.ts';
import { whyWaiting } from '../../../src/cli/apps/why-waiting.ts';
import { requiredArgument } from '../../../src/cli/arguments.ts';
import { ClusterCommand } from '../../../src/cli/cluster-command.ts';

export default class MarathonDeploymentWhy extends ClusterCommand {
  static override summary =
    'Say what a deployment, or an app, waits for and what would help, or how a deployment ended';
  static override description =
    'Of an app all deployments that change it are told of, and else what its own launches wait for. Against a Marathon that gives no reasons itself they are put together from its queue.';
  static override examples = [
    '<%= config.bin %> marathon deployment why 97c136bf-5a28-4821-9d94-480d9fbb01c8',
    '<%= config.bin %> marathon deployment why /web',
    '<%= config.bin %> marathon deployment why /web --json',
  ];
  static override args = { id: requiredArgument('Id of a deployment or of an app') };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(MarathonDeploymentWhy);
    const { marathon } = this.connect(flags);
    const appId = absoluteId(args.id);
    const deployments = (await marathon.getDeployments()).filter(
      ({ id, affectedApps, affectedPods }) =>
        id === args.id || [...affectedApps, ...affectedPods].includes(appId),
    );
    if (deployments.length > 0) {
      const explained = await Promise.all(deployments.map((one) => explainDeployment(marathon, one)));
      if (flags.json) return this.printJson(explained);
      return this.printLines(
        explained.flatMap(({ summary, why }) => [
          summary,
          ...(why.length > 0 ? why : ['nothing holds it: it is under way']).map((reason) => `  ${reason}`),
        ]),
      );
    }
    const found = await findDeployment(marathon, args.id);
    if (found?.outcome !== undefined) {
      const ended = explainEnd(found);
      if (flags.json) return this.printJson([ended]);
      return this.printLines([ended.summary, ...ended.why.map((reason) => `  ${reason}`)]);
    }
    await marathon.getApp(appId);
    const why = await whyWaiting(marathon, [appId]);
    if (flags.json) return this.printJson([{ id: appId, why }]);
    this.printLines(why.length > 0 ? why : [`${appId} waits for nothing, and no deployment changes it`]);
  }
}
