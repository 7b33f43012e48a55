#!/usr/bin/python3
"""repeat.py IN OUT: a chunk more for each history chunk of the folder IN, with every fiftieth of its
messages again. Its name puts it half the folder further on."""
import json
import pathlib
import sys

source, target = map(pathlib.Path, sys.argv[1:])
target.mkdir()
paths = sorted(source.iterdir())
for place, path in enumerate(paths):
    document = json.loads(path.read_bytes())
    seen = repeated = 0
    for entry in document["entry"]:
        for change in entry["changes"]:
            for history in change["value"].get("history", ()):
                for thread in history.get("threads", ()):
                    count = len(thread["messages"])
                    thread["messages"] = [
                        m for i, m in enumerate(thread["messages"], seen) if i % 50 == 0
                    ]
                    seen += count
                    repeated += len(thread["messages"])
    if repeated > 0:
        further = paths[(place + len(paths) // 2) % len(paths)].stem
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        (target / f"{further}-again.json").write_text(text)
