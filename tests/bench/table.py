#!/usr/bin/python3
"""table.py RESULTS JSON: the lines of import.sh as tables, and as JSON. A ratio is the median of the
ratios of the rounds. Exits 1 if a contender left other rows than it was given messages."""
import collections
import json
import statistics
import sys

FIELDS = "size name floor given want rows wall client_cpu server_cpu peak wal".split()
TEXTS = ("name", "floor")


def read(path):
    """Per size and contender the lines of its rounds."""
    contenders = collections.defaultdict(list)
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            run = dict(zip(FIELDS, line.rstrip("\n").split("\t")))
            run.update((f, int(v)) for f, v in run.items() if f not in TEXTS)
            contenders[run["size"], run["name"]].append(run)
    return contenders


def per_message(run, *fields):
    return sum(run[f] for f in fields) / run["given"]


def ratio(runs, floors, *fields):
    """By message, because not all are given the same number."""
    pairs = zip(runs, floors)
    return statistics.median(per_message(r, *fields) / max(per_message(f, *fields), 1e-9) for r, f in pairs)


def summary(contenders):
    for (size, name), runs in contenders.items():
        floors = contenders[size, runs[0]["floor"]]
        middle = {f: statistics.median(r[f] for r in runs) for f in FIELDS if f not in TEXTS}
        yield {
            "size": size,
            "name": name,
            "floor": runs[0]["floor"],
            "messages": runs[0]["given"],
            "runs": len(runs),
            "wall_ms": middle["wall"],
            "us_per_message": round(middle["wall"] * 1000 / runs[0]["given"], 2),
            "wall_ratio": round(ratio(runs, floors, "wall"), 2),
            "cpu_ratio": round(ratio(runs, floors, "client_cpu", "server_cpu"), 2),
            "client_cpu_ms": middle["client_cpu"],
            "server_cpu_ms": middle["server_cpu"],
            "peak_mib": round(max(r["peak"] for r in runs) / 1024, 1),
            "wal_bytes_per_message": round(middle["wal"] / runs[0]["given"]),
            "rows": sorted({r["rows"] for r in runs}),
            "rows_wanted": runs[0]["want"],
        }


def print_size(size, lines):
    print(f"\n{size} messages, {lines[0]['runs']} runs; medians, ratios by message, of wall and of CPU\n")
    head = "wall ms", "× floor", "CPU ×", "client ms", "server ms", "peak MiB", "WAL B/msg", "messages", "rows"
    print(f"{'':31}" + "".join(f"{h:>10}" for h in head))
    for s in lines:
        own = "" if s["floor"] == "floor" or s["floor"] == s["name"] else " *"
        values = (
            f"{s['wall_ms']:.0f}", f"{s['wall_ratio']:.2f}{own}", f"{s['cpu_ratio']:.2f}{own}",
            f"{s['client_cpu_ms']:.0f}", f"{s['server_cpu_ms']:.0f}", f"{s['peak_mib']:.0f}",
            s["wal_bytes_per_message"], s["messages"], " ".join(map(str, s["rows"])),
        )  # fmt: skip
        print(f"{s['name']:31}" + "".join(f"{v:>10}" for v in values))
    if any(s["floor"] not in ("floor", s["name"]) for s in lines):
        print("* of the floor above it: the same rows into the same database")


def print_growth(lines):
    sizes = sorted({s["size"] for s in lines})
    print("\nwall ÷ floor by size\n")
    print(f"{'':31}" + "".join(f"{n:>10}" for n in sizes))
    for name in dict.fromkeys(s["name"] for s in lines if s["name"] != s["floor"]):
        found = {s["size"]: f"{s['wall_ratio']:.2f}" for s in lines if s["name"] == name}
        print(f"{name:31}" + "".join(f"{found.get(n, ''):>10}" for n in sizes))


def main():
    lines = list(summary(read(sys.argv[1])))
    for size in dict.fromkeys(s["size"] for s in lines):
        print_size(size, [s for s in lines if s["size"] == size])
    if len({s["size"] for s in lines}) > 1:
        print_growth(lines)
    with open(sys.argv[2], "w", encoding="utf-8") as out:
        json.dump(lines, out, indent=1, ensure_ascii=False)
        out.write("\n")
    wrong = [s for s in lines if s["rows"] != [s["rows_wanted"]]]
    for s in wrong:
        print(f"table.py: {s['name']}: {s['rows']} rows, not {s['rows_wanted']}", file=sys.stderr)
    return 1 if wrong else 0


sys.exit(main())
