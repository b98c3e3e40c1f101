"""What the programs tell the test: one JSON object a line; and how they wait."""
import json
import time

DEADLINE_SECONDS = 60


def say(event, **details):
    print(json.dumps(dict(event=event, **details), default=str), flush=True)


def until(what, look):
    """What `look` gives, as soon as it is something."""
    end = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.1)
    raise TimeoutError(what)


def deployed(client):
    until('no deployment is left', lambda: not client.list_deployments())
