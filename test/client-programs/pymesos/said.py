"""What the programs tell the test: one JSON object a line."""
import json


def say(event, **details):
    print(json.dumps(dict(event=event, **details), default=str), flush=True)
