"""A scheduler on pymesos with an executor of its own: scheduler.py MASTER EXECUTOR_COMMAND NAME

Launches tasks of every fate, kills one, talks to one, asks about one that never was, and is torn down.
"""
import sys

from pymesos import MesosSchedulerDriver, Scheduler, decode_data, encode_data

from framework import info, is_over, scalar, small
from said import say

FATES = ('finish', 'fail', 'talk', 'wait')


class Fates(Scheduler):
    def __init__(self, command):
        self.executor = dict(
            executor_id=dict(value='fates'),
            name='fates',
            command=dict(value=command),
            resources=[scalar('cpus', 0.1), scalar('mem', 64)],
        )
        self.is_launched = False
        self.open = set(FATES)

    def registered(self, driver, framework_id, master_info):
        say('registered', framework_id=framework_id['value'], version=master_info['version'])
        self.executor['framework_id'] = framework_id

    def resourceOffers(self, driver, offers):
        for offer in offers:
            if self.is_launched:
                driver.declineOffer(offer['id'], filters=dict(refuse_seconds=600))
                continue
            self.is_launched = True
            driver.launchTasks(offer['id'], [self.task(fate, offer) for fate in FATES])
            driver.suppressOffers()

    def task(self, fate, offer):
        return dict(
            task_id=dict(value=fate),
            agent_id=offer['agent_id'],
            name='to ' + fate,
            executor=self.executor,
            data=encode_data(fate.encode()),
            resources=small(),
        )

    def statusUpdate(self, driver, status):
        task_id = status['task_id']['value']
        say(
            'update',
            task=task_id,
            state=status['state'],
            message=status.get('message'),
            reason=status.get('reason'),
            data=decode_data(status['data']).decode() if 'data' in status else None,
        )
        if status['state'] == 'TASK_RUNNING' and task_id == 'talk':
            driver.sendFrameworkMessage(
                self.executor['executor_id'], status['agent_id'], encode_data(b'stressed')
            )
        if status['state'] == 'TASK_RUNNING' and task_id == 'wait':
            driver.killTask(status['task_id'])
        if not is_over(status):
            return
        self.open.discard(task_id)
        if task_id == 'never was':
            driver.stop()
        elif not self.open:
            driver.reconcileTasks([dict(task_id=dict(value='never was'))])

    def frameworkMessage(self, driver, executor_id, agent_id, message):
        say('message', executor=executor_id['value'], text=decode_data(message).decode())

    def error(self, driver, message):
        say('error', message=message)


if __name__ == '__main__':
    master, command, name = sys.argv[1:]
    MesosSchedulerDriver(Fates(command), info(name), master).run()
