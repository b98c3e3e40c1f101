import { string } from '@oclif/core/flags';
import { BaseCommand } from '../src/cli/base-command.ts';
import { CliError } from '../src/cli/errors/cli-error.ts';
import { imageFlags } from '../src/cli/image-flags.ts';
import { isolationFlags } from '../src/cli/isolation-flags.ts';
import { aclsFlag } from '../src/cli/master-flags.ts';
import { becomeProgram, programArguments } from '../src/cli/run-program.ts';
import { masterFlag, serverFlags } from '../src/cli/server-flags.ts';

export default class Agent extends BaseCommand {
  static override summary = 'Run a Mesos agent alone, in the foreground';
  static override examples = [
    '<%= config.bin %> agent --master http://127.0.0.1:5050',
    '<%= config.bin %> agent --master https://10.0.0.1:5050 --host 10.0.0.2 --join-token-file token',
    '<%= config.bin %> agent --master http://127.0.0.1:5050 --resources "cpus:2;mem:1024" --attributes rack:1',
  ];
  static override flags = {
    ...serverFlags(5051),
    'join-token-file': string({
      description: 'The token that lets it join the cluster, the first time; default: PLENUM_JOIN_TOKEN',
      helpValue: 'FILE',
    }),
    master: masterFlag('The master to register with; may be given several times'),
    name: string({ description: 'Names the lines of its log' }),
    resources: string({ description: "What it advertises, in Mesos' text form; default: the machine's" }),
    resource_estimator: string({
      description: 'Offer these as well, revocably: resources, or a module (.mjs) that says which',
      helpValue: 'RESOURCES',
    }),
    oversubscribed_resources_interval: string({
      description: 'How often the estimator is asked; default: 15secs',
      helpValue: 'DURATION',
    }),
    executor_environment_variables: string({
      description: "Variables of executors and tasks; default: PATH, HOME and the like of the agent's",
      helpValue: 'JSON',
    }),
    executor_registration_timeout: string({
      description: 'How long an executor may take to subscribe; default: 1mins',
      helpValue: 'DURATION',
    }),
    executor_reregistration_timeout: string({
      description: 'The same after a restart of the agent; default: 2secs',
      helpValue: 'DURATION',
    }),
    executor_shutdown_grace_period: string({
      description: 'How long an executor may take to end; default: 5secs',
      helpValue: 'DURATION',
    }),
    gc_delay: string({
      description: 'How long sandboxes of what is over stay, while the disk has room; default: 1weeks',
      helpValue: 'DURATION',
    }),
    gc_disk_headroom: string({
      description: 'The share of the disk, from 0 to 1, that sandboxes leave free; default: 0.1',
      helpValue: 'SHARE',
    }),
    qos_controller: string({
      description:
        'When tasks with revocable resources have to go: {"load_threshold_5min":8}, or a module (.mjs) that says which',
      helpValue: 'JSON|FILE',
    }),
    qos_correction_interval_min: string({
      description: 'How often the QoS controller is asked; default: 1secs',
      helpValue: 'DURATION',
    }),
    acls: aclsFlag(),
    ...isolationFlags(),
    ...imageFlags(),
    domain: string({
      description: 'Where it is: {"fault_domain":{"region":{"name":…},"zone":{"name":…}}}',
      helpValue: 'JSON',
    }),
    attributes: string({ description: "Attributes, in Mesos' text form, such as rack:1;zone:a" }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Agent);
    if (flags.master === undefined) {
      throw new CliError('usage', 'Missing: --master', { hint: 'Such as --master http://127.0.0.1:5050' });
    }
    becomeProgram('agent', programArguments(flags));
  }
}
