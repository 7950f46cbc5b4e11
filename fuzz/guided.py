"""One reader under atheris, which looks for input that reaches lines that no input has reached: a process of its own.

python -m fuzz.guided READER SECONDS FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["app"], enable_loader_override=False):
    from fuzz.readers import READERS, is_read


def main(name: str, seconds: str, folder: str) -> None:
    """Try inputs until the time is over, or one has a fault, which is left in the folder. Never returns."""
    reader = READERS[name]
    corpus = Path(folder) / name
    corpus.mkdir(parents=True, exist_ok=True)
    for number, sound in enumerate(reader.sound):
        (corpus / f"sound-{number}").write_bytes(sound)
    options = [
        f"-max_total_time={seconds}",
        "-max_len=8192",
        "-timeout=30",
        "-rss_limit_mb=2048",
        "-print_final_stats=1",
    ]
    kept = f"-artifact_prefix={folder}/fault-{name}-"

    def one(content: bytes) -> None:
        is_read(reader, content)

    atheris.Setup([sys.argv[0], str(corpus), kept, *options], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:4])
