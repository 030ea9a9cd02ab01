# SPDX-License-Identifier: GPL-2.0-only
"""Golden JSON and CSV against the golden schemas, by python's understanding of JSON Schema, and of CSV. Usage: schemas.py DIR"""
import csv
import json
import pathlib
import sys

from jsonschema import Draft202012Validator

LOST = {"ts": "2026-03-01T12:34:56.000000789Z", "type": "lost", "cause": "map full", "count": 3}
START = {"type": "start", "tool": "T", "version": "1", "kernel": "6.12", "hook": "fentry", "unseen": "much"}
END = {"type": "end", "tool": "T", "rows": 7, "lost": {"map full": 3}}


def spoiled(line, needed):
    """Each of these must not fit."""
    for key in line:
        yield {**line, key: {"no": "value"}}
        if key in needed:
            yield {name: value for name, value in line.items() if name != key}
    yield {**line, "more": 1}


def check(fits, line, what, needed=("ts", "interval_s")):
    wrong = [] if fits(line) else [f"{what}: does not fit: {line}"]
    return wrong + [f"{what}: fits: {bad}" for bad in spoiled(line, needed) if fits(bad)]


wrong, checked = [], 0
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.schema")):
    schema = json.loads(path.read_text())
    Draft202012Validator.check_schema(schema)
    lines = Draft202012Validator(schema)
    fields = Draft202012Validator(schema["$defs"]["csv"])
    tool = schema["title"]
    rows = [json.loads(row) for row in path.with_suffix(".json").read_text().splitlines()]
    for row in rows:
        wrong += check(lines.is_valid, row, path.stem + ".json")
        checked += 1
    for line in LOST, {**START, "tool": tool}, {**END, "tool": tool}:
        wrong += check(lines.is_valid, line, path.stem, set(line) - {"unseen"})
        checked += 1
    with path.with_suffix(".csv").open(newline="") as file:
        for row in csv.DictReader(file):
            wrong += check(fields.is_valid, row, path.stem + ".csv")
            checked += 1
print(*wrong, sep="\n")
print(f"{checked} lines")
sys.exit(bool(wrong) or checked < 50)
