import { type HostPrograms, requireProgram } from '../../processes/host-programs.ts';
import { quote } from '../../processes/shell-words.ts';
import { gatewayOf, subnetText } from '../subnet.ts';
import type { BridgeConfig, PortMapping } from './bridge-config.ts';

/** One end of a pair of devices on a bridge, the other in a container's network namespace. */
export interface BridgeEnd {
  /** On the machine. */
  readonly device: string;
  /** Name of the namespace, as `ip netns` knows it. */
  readonly namespace: string;
  readonly interfaceName: string;
  readonly address: string;
}

/** A task's PATH, or the agent's, must not decide what root runs. */
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Holds the mapped ports of all bridges. */
const PORTS = 'PLENUM-PORTS';

/** What leads there, while a port is mapped. */
const PORT_RULES = [
  `nat PREROUTING -m addrtype --dst-type LOCAL -j ${PORTS}`,
  `nat OUTPUT -m addrtype --dst-type LOCAL -j ${PORTS}`,
];

/** Rules that are there while the bridge is; the last one is what tells that all are. */
const bridgeRules = ({ bridge, subnet }: BridgeConfig): string[] => {
  const range = subnetText(subnet);
  return [
    // A bridge that may answer for the loopback address must not lead there.
    `filter INPUT -i ${bridge} -d 127.0.0.0/8 -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP`,
    `filter FORWARD -o ${bridge} -m conntrack --ctstate RELATED,ESTABLISHED,DNAT -j ACCEPT`,
    `filter FORWARD -i ${bridge} -j ACCEPT`,
    // Who connects to a port of the loopback address can be answered only elsewhere.
    `nat POSTROUTING -s 127.0.0.0/8 -o ${bridge} -j MASQUERADE`,
    `nat POSTROUTING -s ${range} ! -d ${range} -j MASQUERADE`,
  ];
};

/** Puts a container on the bridge, which is made when it is not there. Scripts run one at a time on a machine. */
export const joinScript = (
  config: BridgeConfig,
  end: BridgeEnd,
  { mappings, programs }: { mappings: readonly PortMapping[]; programs: HostPrograms },
): string => {
  const { bridge, subnet } = config;
  const { device, namespace, interfaceName, address } = end;
  const rules = bridgeRules(config);
  return `${prelude(programs)}
made=
ip link show dev ${bridge} >/dev/null 2>&1 || { ip link add ${bridge} type bridge; made=1; }
if [ -n "$made" ] || ! has ${rules.at(-1)}; then
  ip address replace ${gatewayOf(subnet)}/${subnet.prefix} dev ${bridge}
  ip link set ${bridge} up
  echo 1 >/proc/sys/net/ipv4/ip_forward
  echo 1 >/proc/sys/net/ipv4/conf/${bridge}/route_localnet
${withRules(rules)}
fi
ip link delete ${device} 2>/dev/null || :
ip link add ${device} type veth peer name ${interfaceName} netns ${namespace}
ip link set ${device} master ${bridge}
ip link set ${device} type bridge_slave hairpin on
ip link set ${device} up
# These networks are of IPv4: what is not there needs no rules.
nsenter --net=/run/netns/${namespace} sh -c 'echo 1 >/proc/sys/net/ipv6/conf/${interfaceName}/disable_ipv6' 2>/dev/null || :
ip -n ${namespace} address add ${address}/${subnet.prefix} dev ${interfaceName}
ip -n ${namespace} link set ${interfaceName} up
ip -n ${namespace} route add default via ${gatewayOf(subnet)} 2>/dev/null || :
${mappings.length === 0 ? '' : portCommands(end, mappings)}
`;
};

const portCommands = ({ device, address }: BridgeEnd, mappings: readonly PortMapping[]): string =>
  [
    `tables -t nat -N ${PORTS} 2>/dev/null || :`,
    withRules(PORT_RULES),
    ...mappings.map(
      ({ hostPort, containerPort, protocol }) =>
        `tables -t nat -A ${PORTS} -p ${protocol} --dport ${hostPort} -m comment --comment ${device} -j DNAT --to-destination ${address}:${containerPort}`,
    ),
    // A container that connects to its own port of the machine.
    `tables -t nat -A POSTROUTING -s ${address} -d ${address} -m comment --comment ${device} -j MASQUERADE`,
  ].join('\n');

/**
 * Takes a container off the bridge, also one that was joined halfway, and gives its address back; the bridge goes with its
 * last one. `folder` is that of the addresses. What is gone already is no error.
 */
export const leaveScript = (
  config: BridgeConfig,
  device: string,
  { folder, programs }: { folder: string; programs: HostPrograms },
): string => `${prelude(programs)}
ip link delete ${device} 2>/dev/null || :
for chain in ${PORTS} POSTROUTING; do
  tables -t nat -S $chain 2>/dev/null | grep -E -- '--comment "?${device}"? ' | sed 's/^-A/-D/' | xargs -r -L1 iptables -w 60 -t nat
done
if tables -t nat -S ${PORTS} >/dev/null 2>&1 && ! tables -t nat -S ${PORTS} | grep -q '^-A'; then
${withoutRules(PORT_RULES)}
  tables -t nat -X ${PORTS}
fi
grep -l -F '"device":"${device}"' -r ${quote(folder)} 2>/dev/null | xargs -r rm -f
[ -z "$(ls -A ${quote(folder)} 2>/dev/null)" ] || exit 0
${withoutRules(bridgeRules(config))}
ip link delete ${config.bridge} 2>/dev/null || :
`;

const withRules = (rules: readonly string[]): string =>
  rules.map((rule) => `  has ${rule} || first ${rule}`).join('\n');

const withoutRules = (rules: readonly string[]): string =>
  rules.map((rule) => `  while has ${rule}; do last ${rule}; done`).join('\n');

/** Whatever still runs in it keeps it alive, but nobody else gets there. */
export const removeNamespaceScript = (namespace: string): string =>
  `PATH=${PATH}\nip netns delete ${namespace} 2>/dev/null || :`;

/** Lets a container be connected to by these addresses of the bridge alone, and by the machine itself. */
export const peersScript = (
  { subnet }: BridgeConfig,
  { namespace, allowed, programs }: { namespace: string; allowed: readonly string[]; programs: HostPrograms },
): string => `${prelude(programs)}
nsenter --net=/run/netns/${namespace} iptables-restore -w 60 <<'RULES'
*filter
:INPUT ACCEPT
-A INPUT -i lo -j ACCEPT
-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
${[gatewayOf(subnet), ...allowed].map((address) => `-A INPUT -s ${address} -j ACCEPT`).join('\n')}
-A INPUT -s ${subnetText(subnet)} -j REJECT
COMMIT
RULES
`;

/** The programs by their paths, whatever PATH is; `has`, `first` and `last` look for, insert and delete a rule. */
const prelude = (programs: HostPrograms): string => {
  const names = ['ip', 'iptables', 'iptables-restore', 'nsenter'] as const;
  for (const name of names) requireProgram(programs, name);
  return `set -e
PATH=${PATH}
tables() { iptables -w 60 "$@"; }
on() { how=$1 table=$2; shift 2; tables -t "$table" "$how" "$@"; }
has() { on -C "$@" 2>/dev/null; }
first() { on -I "$@"; }
last() { on -D "$@"; }`;
};
