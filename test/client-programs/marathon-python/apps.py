"""The life of an app, as the client's readme tells it."""
import sys

from marathon import MarathonClient, MarathonHttpError, NotFoundError
from marathon.exceptions import ConflictError
from marathon.models import MarathonApp, MarathonConstraint, MarathonHealthCheck

from said import deployed, say, until

client = MarathonClient(sys.argv[1])


def running(count):
    def look():
        tasks = [task for task in client.list_tasks('/python/app') if task.state == 'TASK_RUNNING']
        return tasks if len(tasks) == count else None
    return until('%d tasks run' % count, look)


app = client.create_app('/python/app', MarathonApp(
    cmd='sleep 3600', mem=16, cpus=0.1, instances=2,
    constraints=[MarathonConstraint('hostname', 'LIKE', '.*')],
    labels={'tier': 'front'}, env={'COLOUR': 'blue'}))
say('created', id=app.id, instances=app.instances, deployments=len(app.deployments))
try:
    client.create_app('/python/app', MarathonApp(cmd='sleep 1'))
except ConflictError as error:
    say('conflict', message=error.error_message)
deployed(client)
tasks = running(2)
say('running', apps=sorted({task.app_id for task in tasks}), ports=[len(task.ports) for task in tasks],
    started=all(task.started_at for task in tasks))

app = client.get_app('/python/app', embed_tasks=True, embed_counts=True, embed_deployments=True,
                     embed_readiness=True, embed_last_task_failure=True, embed_failures=True,
                     embed_task_stats=True)
say('app', tasks_running=app.tasks_running, cmd=app.cmd, env=app.env, labels=app.labels,
    total=app.task_stats.total_summary.stats.counts.running)
say('listed', by_label=[app.id for app in client.list_apps(label='tier==front', embed_tasks=True)],
    by_cmd=[app.id for app in client.list_apps(cmd='nothing like it')],
    by_id=[app.id for app in client.list_apps(app_id='python')])

client.scale_app('/python/app', delta=1)
deployed(client)
say('scaled', running=len(running(3)))

before = client.get_app('/python/app')
client.update_app('/python/app', MarathonApp(env={'COLOUR': 'green'}))
deployed(client)
after = client.get_app('/python/app')
say('updated', env=after.env, instances=after.instances, cmd=after.cmd,
    version_changed=before.version != after.version)

versions = client.list_versions('/python/app')
say('version', versions=len(versions), env=client.get_version('/python/app', before.version).env)
client.rollback_app('/python/app', before.version)
deployed(client)
say('rolled back', env=client.get_app('/python/app').env)

first = running(3)[0]
killed = client.kill_task('/python/app', first.id)
say('killed', same=killed.id == first.id)
until('the task is replaced', lambda: first.id not in [task.id for task in running(3)])
result = client.kill_task('/python/app', running(3)[0].id, scale=True)
say('killed with scale', answer=sorted(result))
deployed(client)
say('given tasks killed', done=client.kill_given_tasks([task.id for task in running(2)], scale=True))
deployed(client)
say('left', instances=client.get_app('/python/app').instances)

client.restart_app('/python/app', force=True)
deployed(client)
client.update_apps([MarathonApp(id='/python/app', instances=1), MarathonApp(id='/python/other', cmd='sleep 3600', cpus=0.1, mem=16)])
deployed(client)
say('all', apps=sorted(app.id for app in client.list_apps()))
say('all tasks killed', count=len(client.kill_tasks('/python/app')))

try:
    client.create_app('/python/bad', MarathonApp(cmd='sleep 1', health_checks=[
        MarathonHealthCheck(protocol='HTTP', path='/', port_index=5)]))
except MarathonHttpError as error:
    say('refused', status=error.status_code, message=error.error_message, details=error.error_details)

client.create_app('/python/huge', MarathonApp(cmd='sleep 1', cpus=1000))
deployment = until('it is deployed', client.list_deployments)[0]
say('deployment', apps=deployment.affected_apps, step=deployment.current_step, of=deployment.total_steps,
    action=deployment.current_actions[0].action)
say('undone', answer=sorted(client.delete_deployment(deployment.id)))
deployed(client)
client.create_app('/python/huge', MarathonApp(cmd='sleep 1', cpus=1000))
until('it is deployed', client.list_deployments)
say('dropped', answer=client.delete_deployment(client.list_deployments()[0].id, force=True))

for app in client.list_apps():
    client.delete_app(app.id, force=True)
until('nothing is left', lambda: not client.list_apps() and not client.list_deployments())
try:
    client.get_app('/python/app')
except NotFoundError as error:
    say('gone', message=error.error_message)
