"""A scheduler on pymesos that goes and comes back: returning.py MASTER NAME [FRAMEWORK_ID]

Without an id it launches a task and leaves it running. With one it asks how that task is, and kills it.
"""
import sys

from pymesos import MesosSchedulerDriver, Scheduler

from framework import info, small
from said import say

TASK_ID = dict(value='stays')


class Returning(Scheduler):
    def __init__(self, is_back):
        self.is_back = is_back
        self.is_launched = False

    def registered(self, driver, framework_id, master_info):
        say('registered', framework_id=framework_id['value'])

    def reregistered(self, driver, master_info):
        say('reregistered')
        driver.reconcileTasks([dict(task_id=TASK_ID)])

    def resourceOffers(self, driver, offers):
        for offer in offers:
            if self.is_back or self.is_launched:
                driver.declineOffer(offer['id'])
                continue
            self.is_launched = True
            task = dict(
                task_id=TASK_ID,
                agent_id=offer['agent_id'],
                name='stays',
                command=dict(shell=True, value='exec sleep 1000'),
                resources=small(),
            )
            driver.launchTasks(offer['id'], [task])

    def statusUpdate(self, driver, status):
        say('update', state=status['state'], reason=status.get('reason'))
        driver.acknowledgeStatusUpdate(status)
        if status['state'] == 'TASK_RUNNING' and self.is_back:
            driver.killTask(TASK_ID)
        elif status['state'] == 'TASK_RUNNING':
            driver.stop(failover=True)
        elif status['state'] == 'TASK_KILLED':
            driver.stop()


if __name__ == '__main__':
    master, name, *ids = sys.argv[1:]
    more = dict(id=dict(value=ids[0])) if ids else {}
    MesosSchedulerDriver(
        Returning(bool(ids)), info(name, **more), master, implicit_acknowledgements=False
    ).run()
