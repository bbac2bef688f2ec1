"""`python -m bench NAME [--json FILE]`: run one bench, print its table, and write the same rows as JSON if asked."""

from __future__ import annotations

import argparse
import json
import platform
import sys
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from bench.frame import table

BENCHES = sorted(
    path.stem
    for path in Path(__file__).parent.glob("*.py")
    if path.stem[0] != "_" and path.stem not in ("frame", "corpus", "by_hand", "mapped_by_hand")
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("name", choices=BENCHES)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write one row a measurement")
    chosen = parser.parse_args()
    report = import_module(f"bench.{chosen.name}").run()
    print(table(report.rows))
    for line in report.lines:
        print(line)
    print(f"Python {platform.python_version()} on {platform.machine()}, {platform.system()}.")
    if chosen.json:
        chosen.json.write_text(json.dumps([asdict(row) for row in report.rows], indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
