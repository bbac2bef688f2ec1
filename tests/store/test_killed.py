"""A process is killed again and again in the middle of submissions and deliveries, and loses nothing it accepted."""

import random
import subprocess
import sys
import time
from collections import defaultdict
from contextlib import closing
from pathlib import Path
from typing import Any

from fhir_iop.store import Query, Store, open_store
from tests.store.killed import NoSearchParameters, clock

CHECKOUT = Path(__file__).parent.parent.parent
SUBMISSIONS = 50


def run_until_killed(url: str, log: Path, after: int, pause: float) -> list[str]:
    """Start the process and kill it ``pause`` seconds after its ``after``th line; return all lines it printed."""
    command = [sys.executable, "-m", "tests.store.killed", url, str(log), str(SUBMISSIONS)]
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout
        lines = []
        for line in running.stdout:
            lines.append(line.strip())
            if len(lines) == after:
                time.sleep(pause)
                running.kill()
    assert running.returncode == -9 or lines[-1] == "done", "it ended by itself"
    return lines


def check(store: Store, accepted: set[int], log: Path) -> None:
    """What was accepted is there once; what wasn't is there whole or not at all; nothing was sent that isn't queued."""
    orders = {each.id for each in store.search(Query("MedicationRequest", count=500)).matches}
    messages = {each.message.id: each for each in store.outbox()}
    assert {f"rx-{number}" for number in accepted} <= orders
    assert {id_.replace("msg", "rx") for id_ in messages} == orders
    audited = {reference for _, record in store.audit() for reference in record.references}
    assert audited == {f"MedicationRequest/{id_}" for id_ in orders}
    assert all(each.version == 1 for id_ in orders for each in store.history("MedicationRequest", id_))
    tasks = {each.id for each in store.search(Query("Task", count=500)).matches}
    assert tasks == {id_ for id_, each in messages.items() if each.state == "answered"}
    sent = dict(line.split() for line in log.read_text().splitlines()) if log.exists() else {}
    assert tasks <= set(sent) <= set(messages)
    for id_, about in sent.items():
        assert messages[id_].message.about == about


def test_killed_in_the_middle(url: str, tmp_path: Path) -> None:
    chance = random.Random(20261123)
    log = tmp_path / "sent.log"
    accepted: set[int] = set()
    for after in (*sorted(chance.sample(range(1, SUBMISSIONS), 3)), SUBMISSIONS * 2):
        lines = run_until_killed(url, log, after, pause=chance.uniform(0, 0.004))
        accepted |= {int(line.removeprefix("accepted ")) for line in lines if line != "done"}
        known: Any = NoSearchParameters()
        with closing(open_store(url, known, clock=clock)) as store:
            check(store, accepted, log)
    assert lines[-1] == "done"
    assert len(accepted) == SUBMISSIONS
    ids_of_order = defaultdict(set)
    for line in log.read_text().splitlines():
        id_, about = line.split()
        ids_of_order[about].add(id_)
    assert {about: len(ids) for about, ids in ids_of_order.items()} == {
        f"MedicationRequest/rx-{number}": 1 for number in range(SUBMISSIONS)
    }
