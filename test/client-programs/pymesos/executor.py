"""An executor on pymesos. A task's data says what becomes of it: finish, fail, talk or wait."""
from threading import Thread

from pymesos import Executor, MesosExecutorDriver, decode_data, encode_data


class Tasks(Executor):
    def __init__(self):
        self.agent_id = None
        self.talking = []

    def registered(self, driver, executor_info, framework_info, agent_info):
        self.agent_id = agent_info['id']

    def reregistered(self, driver, agent_info):
        self.agent_id = agent_info['id']

    def launchTask(self, driver, task):
        Thread(target=self.work, args=(driver, task)).start()

    def work(self, driver, task):
        task_id = task['task_id']
        self.tell(driver, task_id, 'TASK_RUNNING')
        what = decode_data(task['data']).decode()
        if what == 'finish':
            self.tell(driver, task_id, 'TASK_FINISHED', data=encode_data(b'the result'))
        elif what == 'fail':
            self.tell(driver, task_id, 'TASK_FAILED', message='as it was told to')
        elif what == 'talk':
            self.talking.append(task_id)

    def frameworkMessage(self, driver, message):
        driver.sendFrameworkMessage(encode_data(decode_data(message)[::-1]))
        while self.talking:
            self.tell(driver, self.talking.pop(), 'TASK_FINISHED')

    def killTask(self, driver, task_id):
        self.tell(driver, task_id, 'TASK_KILLED')

    def tell(self, driver, task_id, state, **more):
        driver.sendStatusUpdate(dict(task_id=task_id, agent_id=self.agent_id, state=state, **more))


if __name__ == '__main__':
    MesosExecutorDriver(Tasks()).run()
