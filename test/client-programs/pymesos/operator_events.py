"""The master's event stream as pymesos tells it, until a framework is gone: operator_events.py MASTER NAME"""
import sys

from pymesos import MesosOperatorMasterDriver, OperatorMaster

from said import say


class Driver(MesosOperatorMasterDriver):
    def on_subscribed(self, info):
        say('subscribed', agents=len(info['get_state']['get_agents']['agents']))


class Operator(OperatorMaster):
    driver = None

    def taskAdded(self, task_info):
        say('task_added', task=task_info['task_id']['value'], state=task_info['state'])

    def taskUpdated(self, task_info):
        say('task_updated', task=task_info['status']['task_id']['value'], state=task_info['state'])

    def frameworkAdded(self, framework_info):
        say('framework_added', name=framework_info['framework_info']['name'])

    def frameworkUpdated(self, framework_info):
        say('framework_updated', name=framework_info['framework_info']['name'])

    def frameworkRemoved(self, framework_info):
        say('framework_removed', name=framework_info['name'])
        if framework_info['name'] == name:
            self.driver.stop()


if __name__ == '__main__':
    master, name = sys.argv[1:]
    operator = Operator()
    operator.driver = Driver(master, operator)
    operator.driver.run()
