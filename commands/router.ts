import { boolean, integer, string } from '@oclif/core/flags';
import { BaseCommand } from '../src/cli/base-command.ts';
import { port } from '../src/cli/flags.ts';
import { becomeProgram, programArguments } from '../src/cli/run-program.ts';

const several = { multiple: true, multipleNonGreedy: true } as const;

export default class RouterCommand extends BaseCommand {
  static override summary = 'Run HAProxy in front of the apps of Marathon, in the foreground';
  static override description =
    `Apps choose it by the label HAPROXY_GROUP, and say with HAPROXY_0_VHOST, HAPROXY_0_PATH, HAPROXY_0_MODE and others how they are reached, as with marathon-lb. HAProxy is reloaded without dropping a connection when instances come and go. It is what the package marathon-lb runs.`;
  static override examples = [
    '<%= config.bin %> router --marathon http://127.0.0.1:8080',
    '<%= config.bin %> router --marathon https://one:8443 --marathon https://two:8443 --ca-file ca.pem --token-file token',
    '<%= config.bin %> router --group external --bind 0.0.0.0 --http-port 80 --https-port 443 --ssl-certs /etc/ssl/site.pem',
  ];
  static override flags = {
    marathon: string({
      description: 'Marathon; several are tried in turn (default, as a task of a cluster: its own)',
      helpValue: 'URL',
      ...several,
    }),
    'token-file': string({
      description: 'Token that Marathon asks for; default: PLENUM_TOKEN',
      helpValue: 'FILE',
    }),
    'ca-file': string({ description: "The authority of Marathon's certificate, in PEM", helpValue: 'FILE' }),
    group: string({
      description: 'Routes apps of this group; * stands for every app (default: external)',
      helpValue: 'NAME',
      ...several,
    }),
    bind: string({
      description: 'Address to listen on; * for all',
      default: '127.0.0.1',
      helpValue: 'ADDRESS',
    }),
    'http-port': port({ description: 'Port where hosts are told apart by name', default: 8880 }),
    'https-port': port({ description: 'The same for HTTPS; needs --ssl-certs', default: 8843 }),
    'app-id-port': port({
      description:
        'Port where apps are told apart by the header X-Marathon-App-Id; default: none (marathon-lb: 9091)',
    }),
    'ssl-certs': string({
      description: 'A certificate with its key in PEM, or a folder of them',
      helpValue: 'FILE|FOLDER',
      ...several,
    }),
    port: port({ description: 'Port of the page about the router', default: 9090 }),
    'status-host': string({
      description: 'Address of the page about the router',
      default: '127.0.0.1',
      helpValue: 'ADDRESS',
    }),
    hostname: string({
      description: 'Another name under which requests for that page may come',
      helpValue: 'NAME',
      ...several,
    }),
    'health-check': boolean({
      description: 'Route only to tasks whose health check has passed, where an app has one',
      default: true,
      allowNo: true,
    }),
    'strict-mode': boolean({ description: 'Route only ports with the label HAPROXY_{n}_ENABLED' }),
    'allow-templates': boolean({
      description: 'Let apps word pieces of the configuration; they then can do whatever HAProxy can',
    }),
    'min-serv-port-ip-per-task': port({
      description: 'Apps on addresses of their own that name no service port get one from here',
      default: 10_050,
    }),
    'max-serv-port-ip-per-task': port({ description: 'The last of those ports', default: 10_100 }),
    haproxy: string({ description: 'The program', default: 'haproxy', helpValue: 'FILE' }),
    'max-connections': integer({
      description: 'Connections at a time; default: as many as it may open',
      min: 1,
    }),
    'drain-seconds': integer({
      description: 'For how long a replaced HAProxy may finish what it has',
      default: 3600,
      min: 1,
    }),
    'read-seconds': integer({
      description: 'How often everything is read anew, beside the events',
      default: 60,
      min: 1,
    }),
    'reload-seconds': integer({ description: 'Time between two reloads at least', default: 1, min: 1 }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(RouterCommand);
    becomeProgram('router', programArguments(flags));
  }
}
