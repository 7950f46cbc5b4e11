"""Streaming: a step becomes bytes once (frames), and the newest reach every viewer (hub) as server-sent events (sse).

`docs/protocol.md` describes what is sent, for whoever writes another client.
"""
