import type { PackageDefinition } from '../../src/universe/definition/package-definition.ts';
import type { JsonObject } from '../../src/universe/json/json.ts';
import { parseJson } from '../../src/universe/json/parse-json.ts';

/** The worked example of the reference (1.16), in the text of its files. */
export const EXAMPLE_CONFIG = `{
  "type": "object",
  "properties": {
    "service": {
      "type": "object",
      "required": ["name"],
      "properties": {
        "name": {"type": "string", "default": "example"},
        "count": {"type": "integer", "description": "How many", "default": 1.0},
        "cpus": {"type": "number", "default": 0.1},
        "tiny": {"type": "number", "default": 0.0001},
        "retries": {"type": "integer", "default": 0},
        "motto": {"type": "string", "default": "say \\"hi\\" <b>\\n"},
        "roles": {"type": "array", "items": {"type": "string"}, "default": ["a", "b"]},
        "ports": {"type": "array", "default": [80, 443]},
        "labels": {"type": "array", "default": []},
        "secret": {"type": "string", "default": ""},
        "region": {"type": "string"},
        "debug": {"type": "boolean", "default": false}
      }
    },
    "storage": {"type": "object", "required": ["path"], "properties": {"path": {"type": "string"}}}
  }
}`;

export const EXAMPLE_TEMPLATE = `{
  "id": "{{service.name}}",
  "instances": {{service.count}},
  "cpus": {{service.cpus}},
  {{#service.retries}}
  "args": ["--retries", "{{service.retries}}"],
  {{/service.retries}}
  {{#service.secret}}
  "secrets": {"s": {"source": "{{service.secret}}"}},
  {{/service.secret}}
  {{^service.labels.isEmpty}}
  "never": "printed",
  {{/service.labels.isEmpty}}
  "acceptedResourceRoles": {{service.roles}},
  "ports": {{{service.ports}}},
  "env": {
    "MOTTO": "{{service.motto}}",
    "TINY": "{{service.tiny}}",
    "REGION": "{{service.region}}",
    "DEBUG": "{{service.debug}}"{{#service.roles}},
    {{.}}: "role"{{/service.roles}}
  },
  "container": {"type": "DOCKER", "docker": {"image": "{{resource.assets.container.docker.main}}"}},
  "labels": {"DCOS_SERVICE_NAME": "{{service.name}}", "DCOS_PACKAGE_NAME": "cheat"}
}
`;

export const EXAMPLE_RENDERED = `{
  "id": "example",
  "instances": 1,
  "cpus": 0.1,
  "args": ["--retries", "0"],
  "acceptedResourceRoles": ["a", "b"],
  "ports": [80, 443],
  "env": {
    "MOTTO": "say \\"hi\\" <b>\\n",
    "TINY": "1.0E-4",
    "REGION": "",
    "DEBUG": "false",
    "a": "role",
    "b": "role"
  },
  "container": {"type": "DOCKER", "docker": {"image": "example/app:1.2.3"}},
  "labels": {"DCOS_SERVICE_NAME": "example", "DCOS_PACKAGE_NAME": "cheat"}
}
`;

/** A package built from the example; fields can be replaced. */
export const examplePackage = (changes: Partial<PackageDefinition> = {}): PackageDefinition => ({
  packagingVersion: '4.0',
  name: 'example',
  version: '1.2.3',
  releaseVersion: 7,
  maintainer: 'someone@example.com',
  description: 'An example',
  tags: ['example'],
  config: parseJson(EXAMPLE_CONFIG) as JsonObject,
  resource: { assets: { container: { docker: { main: 'example/app:1.2.3' } } } },
  ...withTemplate(EXAMPLE_TEMPLATE),
  ...changes,
});

export const withTemplate = (template: string): Pick<PackageDefinition, 'marathon'> => ({
  marathon: { v2AppMustacheTemplate: Buffer.from(template).toString('base64') },
});
