"""pymesos' stand-in for the subprocess module, whose commands run on agents; MESOS_MASTER says where."""
import atexit
import os
import signal
import socket
import time

# The executors call back here by this name, which need not be in anybody's hosts file.
socket.gethostname = lambda: '127.0.0.1'

from pymesos.subprocess import PIPE, CalledProcessError, Popen, call, check_output
from pymesos.subprocess.popen import ProcScheduler, Redirector

from said import say

# It wakes its thread up with a text, which is for Python 2 only.
Redirector._wakeup = lambda self: os.write(self._wakeup_fd, b'\0')

# Its first command asks for offers once a connection stands, and fails when there is no framework id yet.
Popen._scheduler = ProcScheduler()
Popen._scheduler.start()
atexit.register(Popen._scheduler.stop)
while Popen._scheduler.framework_id is None:
    time.sleep(0.01)

SMALL = dict(cpus=0.1, mem=32, stdin=open(os.devnull))

if __name__ == '__main__':
    say('output', text=check_output('echo hello; pwd', shell=True, cwd='/', **SMALL).decode())
    say('code', code=call(['sh', '-c', 'exit 3'], **SMALL))
    try:
        check_output(['false'], **SMALL)
    except CalledProcessError as error:
        say('error', code=error.returncode)
    child = Popen(['sleep', '1000'], stdout=PIPE, **SMALL)
    child.send_signal(signal.SIGTERM)
    child.wait()
    say('ended', code=child.returncode)
