"""Groups, and what Marathon says about itself."""
import sys

from marathon import MarathonClient
from marathon.models import MarathonApp, MarathonGroup

from said import deployed, say

client = MarathonClient(sys.argv[1])
say('ping', answer=client.ping().decode())
info = client.get_info()
say('info', name=info.name, elected=info.elected, is_leader=client.get_leader()['leader'] == info.leader,
    role=info.marathon_config.mesos_role)
say('metrics', apps='marathon.apps.active.gauge' in client.get_metrics()['gauges'])

small = dict(cmd='sleep 3600', cpus=0.1, mem=16)
client.create_group(MarathonGroup(id='/py-group', apps=[
    MarathonApp(id='/py-group/db', **small),
    MarathonApp(id='/py-group/web', dependencies=['/py-group/db'], **small)]))
deployed(client)
group = client.get_group('/py-group')
say('group', id=group.id, apps=sorted(app.id for app in group.apps))
say('groups', ids=[group.id for group in client.list_groups()])
client.scale_group('/py-group', 2)
deployed(client)
say('scaled', instances=[app.instances for app in client.get_group('/py-group').apps])
client.update_group('/py-group', MarathonGroup(apps=[MarathonApp(id='/py-group/db', **small)]))
deployed(client)
say('updated', apps=[app.id for app in client.get_group('/py-group').apps])
client.delete_group('/py-group', force=True)
deployed(client)
say('removed', groups=[group.id for group in client.list_groups()])
