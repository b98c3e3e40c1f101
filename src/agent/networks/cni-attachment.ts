import type { NetworkInfo } from '../../mesos/generated/mesos.ts';
import { errorMessage } from '../../runtime/error-message.ts';
import type { CniPluginConfig, JsonObject } from './cni-config.ts';
import type { CniCall } from './cni-plugin.ts';
import { type CniResult, readCniResult } from './cni-result.ts';
import type { Attachment } from './network-records.ts';

/** Answers a call of a plugin, by a program or otherwise. */
export type RunPlugin = (call: CniCall) => Promise<JsonObject>;

/** Whose network namespace it is. */
export interface NamespaceOf {
  readonly containerId: string;
  /** Its file. */
  readonly namespace: string;
}

/** Attaches a container to a network, plugin after plugin, each told what the one before gave. Rejects, for people. */
export const attach = async (
  attachment: Attachment,
  place: NamespaceOf,
  runPlugin: RunPlugin,
): Promise<CniResult> => {
  const { network } = attachment;
  try {
    let previous: JsonObject | undefined;
    for (const plugin of network.plugins) {
      const printed = await runPlugin(callOf('ADD', plugin, { attachment, place, previous }));
      // One that changes nothing may say nothing.
      if (Object.keys(printed).length > 0 || previous === undefined) previous = printed;
    }
    return readCniResult(previous ?? {});
  } catch (error) {
    throw new Error(`The network '${network.name}': ${errorMessage(error)}`);
  }
};

/** Undoes that, the other way round; every plugin is asked, and the first failure is told. */
export const detach = async (
  attachment: Attachment,
  place: NamespaceOf,
  runPlugin: RunPlugin,
): Promise<void> => {
  const { network, result } = attachment;
  let failure: unknown;
  for (const plugin of [...network.plugins].reverse()) {
    try {
      await runPlugin(callOf('DEL', plugin, { attachment, place, previous: result?.printed }));
    } catch (error) {
      failure ??= error;
    }
  }
  if (failure !== undefined) throw new Error(`The network '${network.name}': ${errorMessage(failure)}`);
};

/** The call of one plugin of a network. */
export const callOf = (
  command: CniCall['command'],
  plugin: CniPluginConfig,
  {
    attachment: { network, info, interfaceName, args },
    place,
    previous,
  }: { attachment: Attachment; place: NamespaceOf; previous?: JsonObject | undefined },
): CniCall => ({
  command,
  // The specification allows letters, digits, points, lines and hyphens.
  containerId: place.containerId.replace(/[^\w.-]/g, '_'),
  namespace: place.namespace,
  interfaceName,
  config: {
    ...plugin,
    name: network.name,
    cniVersion: network.cniVersion,
    args: { ...objectOr(plugin.args), ...args, 'org.apache.mesos': { network_info: info } },
    ...runtimeConfig(plugin, info),
    ...(previous === undefined ? {} : { prevResult: { cniVersion: network.cniVersion, ...previous } }),
  },
});

/** What the specification's plugins want to hear of ports, when they say that they can map them. */
const runtimeConfig = ({ capabilities }: CniPluginConfig, { port_mappings = [] }: NetworkInfo): JsonObject =>
  objectOr(capabilities).portMappings === true
    ? {
        runtimeConfig: {
          portMappings: port_mappings.flatMap(({ host_port, container_port, protocol = 'tcp' }) =>
            protocol.split(',').map((word) => ({
              hostPort: host_port,
              containerPort: container_port,
              protocol: word.trim().toLowerCase(),
            })),
          ),
        },
      }
    : {};

const objectOr = (value: unknown): JsonObject =>
  typeof value === 'object' && value !== null ? (value as JsonObject) : {};
