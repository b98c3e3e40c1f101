import { describe, expect, it } from 'vitest';
import { readBridgeConfig, readPortMappings } from '../../../src/agent/networks/bridge/bridge-config.ts';
import { parseNetwork } from '../../../src/agent/networks/cni-config.ts';
import { readCniResult } from '../../../src/agent/networks/cni-result.ts';
import { hostnameOf, networkFiles } from '../../../src/agent/networks/network-files.ts';
import { addressIn, gatewayOf, parseSubnet, roomIn, subnetText } from '../../../src/agent/networks/subnet.ts';

describe('a subnet', () => {
  it('begins where its prefix says, with the gateway, and has room for all but three', () => {
    const subnet = parseSubnet('10.20.30.77/29');
    expect([subnetText(subnet), gatewayOf(subnet), roomIn(subnet)]).toEqual([
      '10.20.30.72/29',
      '10.20.30.73',
      5,
    ]);
    expect([0, 4, 5].map((index) => addressIn(subnet, index))).toEqual([
      '10.20.30.74',
      '10.20.30.78',
      '10.20.30.74',
    ]);
    expect(addressIn(parseSubnet('10.0.0.0/8'), 2 ** 24 - 4)).toBe('10.255.255.254');
  });

  it.each([
    '',
    '10.1.0.0',
    '10.1.0.0/31',
    '10.1.0.0/7',
    '10.1.0/24',
    '10.1.0.256/24',
    'fd00::/64',
    '1.2.3.4/x',
  ])('is not %j', (text) => {
    expect(() => parseSubnet(text)).toThrow('is no subnet');
  });
});

describe('the configuration of a bridge', () => {
  it.each([
    [{ subnet: '10.1.0.0/16', bridge: 'a; reboot' }, "'bridge' has to be the name of a device"],
    [{ subnet: '10.1.0.0/16', bridge: 'sixteen-letters-' }, "'bridge' has to be the name of a device"],
    [{ subnet: '10.1.0.0/16', bridge: 7 }, "'bridge' has to be the name of a device"],
    [{}, "there is no 'subnet'"],
    [{ subnet: '10.1.0.0/16; reboot' }, 'is no subnet'],
  ])('is not %j', (config, message) => {
    expect(() => readBridgeConfig(config)).toThrow(message);
  });

  it('maps ports by several protocols', () => {
    const mapping = { host_port: 31_000, container_port: 53, protocol: 'udp, TCP' };
    const common = { hostPort: 31_000, containerPort: 53 };
    expect(readPortMappings([mapping])).toEqual([
      { ...common, protocol: 'udp' },
      { ...common, protocol: 'tcp' },
    ]);
  });

  it.each([
    [{ host_port: 1, container_port: '80; reboot' }, 'is no port'],
    [{ host_port: 1, container_port: 0 }, 'is no port'],
    [{ host_port: 65_536, container_port: 1 }, 'is no port'],
    [{ host_port: 1.5, container_port: 1 }, 'is no port'],
    [{ host_port: null, container_port: 1 }, 'is no port'],
    [{ host_port: 1, container_port: 1, protocol: 'sctp' }, "Ports of protocol 'sctp' cannot be mapped"],
  ])('does not map %j', (mapping, message) => {
    expect(() => readPortMappings([JSON.parse(JSON.stringify(mapping))])).toThrow(message);
  });
});

describe('the configuration of a network', () => {
  it.each([
    ['{', /JSON/],
    ['[]', 'it is no JSON object'],
    ['{"type":"x"}', "it has no 'name'"],
    ['{"name":"x"}', "plugin 0 has no 'type'"],
    ['{"name":"x","type":"../x"}', "plugin 0 has no 'type'"],
    ['{"name":"x","type":".."}', "plugin 0 has no 'type'"],
    ['{"name":"x","plugins":[]}', "'plugins' is no list of plugins"],
    ['{"name":"x","plugins":[{"type":"a"},7]}', 'plugin 1 is no JSON object'],
    ['{"name":"x","type":"a","cniVersion":1}', "'cniVersion' is no text"],
  ])('is not %s', (text, message) => {
    expect(() => parseNetwork(text)).toThrow(message);
  });
});

describe('what a plugin has printed', () => {
  it('has addresses of both kinds, by either form of the specification', () => {
    const both = [
      { protocol: 'IPv4', address: '10.1.2.3' },
      { protocol: 'IPv6', address: 'fd00::3' },
    ];
    expect(readCniResult({ ips: [{ address: '10.1.2.3/24' }, { address: 'fd00::3/64' }] }).addresses).toEqual(
      both,
    );
    expect(readCniResult({ ip4: { ip: '10.1.2.3/24' }, ip6: { ip: 'fd00::3/64' } }).addresses).toEqual(both);
  });

  it.each([{ ips: 'none' }, { ips: [] }, { ips: [7] }, { ips: [{ address: 'x' }] }, { ip4: { ip: 4 } }])(
    'is nothing when it is %j',
    (printed) => {
      expect(() => readCniResult(printed)).toThrow('it gave no IP address');
    },
  );

  it('cannot put lines of its own into resolv.conf', () => {
    const printed = {
      ips: [{ address: '10.1.2.3' }],
      dns: { nameservers: ['1.1.1.1', '8.8.8.8\noptions x'] },
    };
    const { dns } = readCniResult(printed);
    expect(networkFiles({ hostname: 'box', addresses: ['10.1.2.3'], dns })['resolv.conf']).toBe(
      'nameserver 1.1.1.1\n',
    );
  });
});

describe('a host name', () => {
  it('is what the kernel takes', () => {
    expect(hostnameOf('a.b')).toBe('a.b');
    expect(hostnameOf('$(reboot)\n')).toBe('--reboot--');
    expect(hostnameOf('x'.repeat(300))).toHaveLength(63);
  });
});
