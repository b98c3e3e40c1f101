import { indentedJson } from '../indented-json.ts';

/** Who writes a package, as far as it is known. */
export interface Author {
  readonly maintainer: string;
}

/** The files of a new package by their path within its revision: an app that needs nothing but a shell. */
export const packageFiles = (name: string, { maintainer }: Author): Readonly<Record<string, string>> => ({
  'package.json': indentedJson({
    packagingVersion: '4.0',
    name,
    version: '0.1.0',
    maintainer,
    description: `Says something again and again. Write here what ${name} is for: searches look into it.`,
    tags: [name],
    framework: false,
    licenses: [{ name: 'Apache License Version 2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' }],
    minDcosReleaseVersion: '1.11',
    upgradesFrom: ['*'],
    downgradesTo: ['*'],
    preInstallNotes: `${name} needs nothing but a shell.`,
    postInstallNotes: `What it says: plenum task log ${name}`,
    postUninstallNotes: `${name} is gone.`,
  }),
  'config.json': indentedJson({
    $schema: 'http://json-schema.org/draft-04/schema#',
    type: 'object',
    properties: {
      service: {
        type: 'object',
        description: 'The service and what it may use.',
        additionalProperties: false,
        required: ['name', 'instances', 'cpus', 'mem'],
        properties: {
          name: {
            type: 'string',
            description: 'Name of the service. Several of one kind live side by side under different names.',
            pattern: '^[a-z0-9]([a-z0-9-]*[a-z0-9])?(/[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$',
            default: name,
          },
          instances: {
            type: 'integer',
            description: 'How many instances are kept up.',
            minimum: 0,
            default: 1,
          },
          cpus: { type: 'number', description: 'CPUs of an instance.', minimum: 0.01, default: 0.1 },
          mem: { type: 'integer', description: 'Memory of an instance in MiB.', minimum: 16, default: 32 },
        },
      },
      greeting: {
        type: 'object',
        description: 'What it says.',
        additionalProperties: false,
        properties: {
          text: { type: 'string', description: 'What it says.', default: 'hello' },
          interval: {
            type: 'integer',
            description: 'Seconds between two greetings.',
            minimum: 1,
            default: 10,
          },
        },
      },
    },
    required: ['service'],
  }),
  'resource.json': indentedJson({ assets: { uris: {} } }),
  'marathon.json.mustache': TEMPLATE,
  'tests/default.options.json': indentedJson({}),
  'tests/named.options.json': indentedJson({ service: { name: `team/${name}`, instances: 2 } }),
});

const TEMPLATE = `{
  "id": "/{{service.name}}",
  "cmd": "while true; do echo \\"$GREETING\\"; sleep {{greeting.interval}}; done",
  "instances": {{service.instances}},
  "cpus": {{service.cpus}},
  "mem": {{service.mem}},
  "env": {
    "GREETING": "{{greeting.text}}"
  },
  "healthChecks": [
    {
      "protocol": "COMMAND",
      "command": { "value": "true" },
      "gracePeriodSeconds": 30,
      "intervalSeconds": 10,
      "timeoutSeconds": 5,
      "maxConsecutiveFailures": 3
    }
  ],
  "labels": {
    "DCOS_SERVICE_NAME": "{{service.name}}"
  }
}
`;
