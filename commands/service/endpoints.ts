import { optionalArgument, requiredArgument } from '../../src/cli/arguments.ts';
import { ServiceSchedulerCommand } from '../../src/cli/service-scheduler-command.ts';

export default class ServiceEndpoints extends ServiceSchedulerCommand {
  static override summary = 'Print where clients of a service find it';
  static override description =
    `Without a name it lists the endpoints: addresses, files of settings for clients, and one for every port of every task. It asks the scheduler of the service, such as packages of this project and those on the DC/OS SDK have.`;
  static override examples = [
    '<%= config.bin %> service endpoints kafka',
    '<%= config.bin %> service endpoints kafka bootstrap-servers',
    '<%= config.bin %> service endpoints hdfs core-site.xml > core-site.xml',
  ];
  static override args = {
    service: requiredArgument('Name of the service'),
    name: optionalArgument('The endpoint'),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ServiceEndpoints);
    const scheduler = this.scheduler(args.service, flags);
    if (args.name === undefined) {
      const names = await scheduler.getEndpointNames();
      return flags.json ? this.printJson(names) : this.printLines(names);
    }
    const text = await scheduler.getEndpoint(args.name);
    if (flags.json) return this.printJson({ name: args.name, text });
    this.print(text);
  }
}
