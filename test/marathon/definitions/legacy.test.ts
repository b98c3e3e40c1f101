import { describe, expect, it } from 'vitest';
import { appJson } from '../../../src/marathon/api/json/app-json.ts';
import { acceptApp } from './accept-app.ts';

const app = { id: '/a', cmd: 'sleep 1' };

describe('what Marathon wrote differently once', () => {
  it('a Docker bridge with its mappings', async () => {
    const { container, networks, requirePorts } = appJson(
      await acceptApp(
        {
          id: '/a',
          container: {
            type: 'DOCKER',
            docker: { image: 'web:1', network: 'BRIDGE', portMappings: [{ containerPort: 80 }] },
          },
        },
        { servicePorts: { min: 10001, max: 10010 } },
      ),
    );
    expect({ container, networks, requirePorts }).toEqual({
      container: {
        type: 'DOCKER',
        volumes: [],
        docker: { image: 'web:1', forcePullImage: false, privileged: false, parameters: [] },
        portMappings: [{ containerPort: 80, hostPort: 0, servicePort: 10001, protocol: 'tcp', labels: {} }],
      },
      networks: [{ mode: 'container/bridge' }],
      requirePorts: false,
    });
  });

  it('ports beside mappings are their service ports', async () => {
    const docker = {
      image: 'x',
      network: 'BRIDGE',
      portMappings: [{ containerPort: 80 }, { servicePort: 7 }],
    };
    const { container } = await acceptApp({ ...app, ports: [9000, 9001], container: { docker } });
    expect(container?.portMappings?.map(({ servicePort }) => servicePort)).toEqual([9000, 7]);
  });

  it('the host network in Docker, where mappings mean nothing', async () => {
    const docker = { image: 'x', network: 'HOST', portMappings: [{ containerPort: 80 }] };
    const accepted = await acceptApp({ ...app, ports: [0, 10700], container: { docker } });
    expect(accepted.networks).toEqual([{ mode: 'host', labels: {} }]);
    expect(accepted.container).not.toHaveProperty('portMappings');
    expect(accepted.portDefinitions?.map(({ port }) => port)).toEqual([10000, 10700]);
  });

  it('a user network whose name is in ipAddress', async () => {
    const accepted = await acceptApp({
      ...app,
      container: { docker: { image: 'x', network: 'USER' } },
      ipAddress: { networkName: 'dcos', labels: { a: 'b' } },
    });
    expect(accepted.networks).toEqual([{ mode: 'container', name: 'dcos', labels: { a: 'b' } }]);
  });

  it('an address of its own with ports to be discovered', async () => {
    const accepted = await acceptApp({
      ...app,
      ipAddress: {
        networkName: 'dcos',
        groups: ['dev'],
        discovery: { ports: [{ number: 8080, name: 'http', protocol: 'tcp', labels: { x: 'y' } }] },
      },
    });
    expect(accepted.container).toMatchObject({
      type: 'MESOS',
      portMappings: [{ containerPort: 8080, name: 'http', labels: { x: 'y' } }],
    });
    expect(accepted.container?.portMappings?.[0]).not.toHaveProperty('hostPort');
    expect(accepted).not.toHaveProperty('ipAddress');
  });

  it('URIs, unpacked if they look like archives', async () => {
    const uris = ['http://x/a.tar.gz', 'http://x/a.zip', 'http://x/a.txz', 'http://x/a.jar'];
    const { fetch } = await acceptApp({ ...app, uris });
    expect(fetch.map(({ uri, extract }) => [uri, extract])).toEqual([
      ['http://x/a.tar.gz', true],
      ['http://x/a.zip', true],
      ['http://x/a.txz', true],
      ['http://x/a.jar', false],
    ]);
  });

  it('the long names in unreachableStrategy', async () => {
    const strategy = { unreachableInactiveAfterSeconds: 5, unreachableExpungeAfterSeconds: 10 };
    expect((await acceptApp({ ...app, unreachableStrategy: strategy })).unreachableStrategy).toEqual({
      inactiveAfterSeconds: 5,
      expungeAfterSeconds: 10,
    });
  });
});
