import { BaseCommand } from '../../src/cli/base-command.ts';
import { becomeProgram } from '../../src/cli/run-program.ts';

export default class ServiceRun extends BaseCommand {
  static override summary = 'Run the scheduler of a service that a YAML file describes, in the foreground';
  static override description =
    `The service is one that Plenum brings along, or a file. Its values come from the environment. Packages start it as an app of Marathon; then it finds the master by itself.`;
  static override examples = [
    '<%= config.bin %> service run hello-world --master http://127.0.0.1:5050',
    '<%= config.bin %> service run ./my-service.yml',
  ];
  static override usage = 'service run NAME|FILE [--master URL] [FLAGS]';
  static override strict = false;

  async run(): Promise<void> {
    // Its arguments are the program's own affair.
    const { argv } = this;
    await this.parse(ServiceRun, []);
    becomeProgram('service', argv);
  }
}
