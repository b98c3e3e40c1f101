"""Events, as the client's stream gives them: typed those that it can read, as text those of deployments."""
import json
import sys
import threading

from marathon import MarathonClient
from marathon.models import MarathonApp

from said import deployed, say

client = MarathonClient(sys.argv[1])
types = ['event_stream_attached', 'api_post_event', 'group_change_success', 'status_update_event',
         'app_terminated_event']


def act():
    client.create_app('/py-events', MarathonApp(cmd='sleep 3600', cpus=0.1, mem=16))
    deployed(client)
    client.delete_app('/py-events')


raw = client.event_stream(raw=True, event_types=['event_stream_attached', 'deployment_success'])
say('event', type=json.loads(next(raw))['eventType'])
typed = client.event_stream(event_types=types)
say('event', type=next(typed).event_type)
threading.Thread(target=act, daemon=True).start()
for event in typed:
    if getattr(event, 'app_id', '/py-events') != '/py-events':
        continue
    say('event', type=event.event_type, status=getattr(event, 'task_status', None))
    if event.event_type == 'app_terminated_event':
        break
for text in raw:
    event = json.loads(text)
    if event['eventType'] == 'deployment_success':
        say('deployment', keys=sorted(event))
        break
