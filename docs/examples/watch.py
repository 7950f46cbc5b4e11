"""Watch a session from outside, with nothing but Python: how much blame reaches each layer, as it trains.

    python watch.py http://127.0.0.1:8000/api/sessions/ID

It prints a line for every frame until the session is deleted. docs/protocol.md explains what is read here.
"""

import json
import struct
import sys
import urllib.request
from base64 import b64decode


def numbers(text: str) -> tuple[float, ...]:
    """Base64 of little-endian float32."""
    data = b64decode(text)
    return struct.unpack(f"<{len(data) // 4}f", data)


event, newest = "", 0
with urllib.request.urlopen(sys.argv[1] + "/stream") as stream:
    for line in stream:
        field, _, value = line.decode().rstrip("\n").partition(": ")
        if field == "event":
            event = value
        elif field == "data" and event == "frame" and (frame := json.loads(value))["seq"] > newest:
            newest = frame["seq"]
            reached = [layer for layer in frame["layers"] if layer.get("received")]  # none before the first step
            blame = [f"layer {layer['layer']} {sum(map(abs, numbers(layer['received']))):.4g}" for layer in reached]
            print("step", frame["cursor"]["step"], "cost", frame["cost"]["train"], *blame, flush=True)
