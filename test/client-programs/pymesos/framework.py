"""What the schedulers here have in common."""
import getpass


def info(name, **more):
    return dict(user=getpass.getuser(), name=name, hostname='127.0.0.1', failover_timeout=600, **more)


def scalar(name, value):
    return dict(name=name, type='SCALAR', scalar=dict(value=value))


def small():
    return [scalar('cpus', 0.1), scalar('mem', 32)]


def is_over(status):
    return status['state'] in ('TASK_FINISHED', 'TASK_FAILED', 'TASK_KILLED', 'TASK_LOST', 'TASK_ERROR')
