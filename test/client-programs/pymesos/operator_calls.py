"""The operator drivers of pymesos, call after call: operator_calls.py MASTER AGENT AGENT_ID"""
import sys

from pymesos import MesosOperatorAgentDriver, MesosOperatorMasterDriver

from framework import scalar
from said import say

ROLE = 'operated'
RESERVED = dict(scalar('disk', 64), role=ROLE, reservation=dict())
VOLUME = dict(
    RESERVED, disk=dict(persistence=dict(id='v-1'), volume=dict(container_path='data', mode='RW'))
)


def reserved_disks(master, agent_id):
    agents = master.getAgents()['get_agents']['agents']
    (agent,) = [one for one in agents if one['agent_info']['id']['value'] == agent_id]
    return [
        dict(mib=one['scalar']['value'], is_volume='disk' in one)
        for one in agent['total_resources']
        if one['name'] == 'disk' and one.get('reservations', one.get('reservation')) is not None
    ]


def ask_master(master, agent_id):
    say('health', healthy=master.getHealth()['get_health']['healthy'])
    say('version', version=master.getVersion()['get_version']['version_info']['version'])
    say('master', port=master.getMaster()['get_master']['master_info']['port'])
    metrics = master.getMetrics(5_000_000_000)['get_metrics']['metrics']
    say('metrics', agents=[one['value'] for one in metrics if one['name'] == 'master/slaves_active'])
    master.updateWeights([dict(role=ROLE, weight=2.5)])
    say('weights', weights=master.getWeights()['get_weights']['weight_infos'])
    for call, resource in (
        (master.reserveResources, RESERVED),
        (master.createVolumes, VOLUME),
        (master.destroyVolumes, VOLUME),
        (master.unreserveResources, RESERVED),
    ):
        call(agent_id, [resource])
        say(call.__name__, disks=reserved_disks(master, agent_id))
    machine = dict(hostname='elsewhere', ip='192.0.2.1')
    window = dict(
        machine_ids=[machine],
        unavailability=dict(start=dict(nanoseconds=2 * 10 ** 18), duration=dict(nanoseconds=10 ** 9)),
    )
    master.updateMaintenanceSchedule([window])
    schedule = master.getMaintenanceSchedule()['get_maintenance_schedule']['schedule']
    say('maintenance', machines=schedule['windows'][0]['machine_ids'])
    master.updateMaintenanceSchedule([])


def ask_agent(agent):
    say('agent health', healthy=agent.getHealth()['get_health']['healthy'])
    say('containers', containers=agent.getContainers().get('get_containers', {}).get('containers', []))
    agent.setLoggingLevel(1, 1_000_000_000)
    say('logging', level=agent.getLoggingLevel()['get_logging_level']['level'])


if __name__ == '__main__':
    master_address, agent_address, agent_id = sys.argv[1:]
    ask_master(MesosOperatorMasterDriver(master_address), agent_id)
    ask_agent(MesosOperatorAgentDriver(agent_address))
