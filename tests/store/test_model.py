"""A store does what a dict would: random submissions, compared with a model that is obviously right."""

import shutil
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from fhir_iop.errors import Conflict, Gone, NotFound
from fhir_iop.store import AuditRecord, Criterion, Message, Query, Settled, Store, Submission, Write, open_store
from tests.store.conftest import Clock, empty

ids = st.sampled_from(["a", "b", "c"])
bodies = st.builds(
    lambda status, dose: {"status": status, "dose": dose},
    st.sampled_from(["active", "stopped"]),
    st.sampled_from([Decimal("1.0"), Decimal("1.00"), 1, None]),
)
writes = st.builds(
    lambda id_, body, mode, if_match, deleted: Write(
        {"resourceType": "MedicationRequest", "id": id_, **body}, mode, if_match, deleted
    ),
    ids,
    bodies,
    st.sampled_from(["put", "put", "put", "create"]),
    st.sampled_from([None, None, None, 1, 2]),
    st.sampled_from([False, False, False, True]),
)
messages = st.builds(Message, ids, st.just("kind"), st.just("x"), st.just("y"), st.sampled_from([{"n": 1}, {"n": 2}]))
settlements = st.builds(
    Settled, ids, st.sampled_from(["waiting", "sent", "answered", "failed"]), st.sampled_from([None, {"ok": True}])
)
submissions = st.builds(
    Submission,
    st.lists(writes, max_size=3),
    st.lists(messages, max_size=2),
    st.lists(settlements, max_size=2),
    st.lists(st.builds(AuditRecord, st.just("do"), ids), max_size=1),
)


@dataclass
class Model:
    """What the contract says, without any care for speed: a copy is changed, and kept if nothing was refused."""

    resources: dict[str, list[dict[str, Any] | None]] = field(default_factory=dict)
    created: list[str] = field(default_factory=list)
    messages: dict[str, list[Any]] = field(default_factory=dict)
    agents: list[str] = field(default_factory=list)

    def after(self, submission: Submission) -> "Model":
        copy = Model(
            {id_: list(versions) for id_, versions in self.resources.items()},
            list(self.created),
            {id_: list(state) for id_, state in self.messages.items()},
            self.agents + [record.agent for record in submission.audit],
        )
        for write in submission.writes:
            copy.write(write)
        for message in submission.messages:
            state = copy.messages.setdefault(message.id, [message, "waiting", 0, None])
            if state[0] != message:
                raise Conflict
        for settled in submission.settled:
            copy.settle(settled)
        return copy

    def write(self, write: Write) -> None:
        id_ = write.resource["id"]
        versions = self.resources.get(id_, [])
        if (write.mode == "create" and versions) or (write.if_match is not None and len(versions) != write.if_match):
            raise Conflict
        if write.deleted and not versions:
            raise NotFound
        said = None if write.deleted else write.resource
        if versions and repr(versions[-1]) == repr(said):
            return
        if not versions:
            self.created.append(id_)
        self.resources[id_] = [*versions, said]

    def settle(self, settled: Settled) -> None:
        if settled.message_id not in self.messages:
            raise NotFound
        message, state, attempts, answer = self.messages[settled.message_id]
        if state == "answered":
            if (settled.state, settled.answer) != ("answered", answer):
                raise Conflict
            return
        self.messages[settled.message_id] = [message, settled.state, attempts + 1, settled.answer]


class StoreMachine(RuleBasedStateMachine):
    opened: ClassVar[Any]

    def __init__(self) -> None:
        super().__init__()
        self.store: Store = type(self).opened()
        self.model = Model()

    @rule(submission=submissions)
    def submit(self, submission: Submission) -> None:
        try:
            self.model = self.model.after(submission)
        except (Conflict, NotFound) as refusal:
            with pytest.raises(type(refusal)):
                self.store.submit(submission)
        else:
            self.store.submit(submission)

    @invariant()
    def resources_are_those_of_the_model(self) -> None:
        for id_, versions in self.model.resources.items():
            kept = self.store.history("MedicationRequest", id_)
            assert [each.version for each in kept] == list(range(len(versions), 0, -1))
            assert [self.said(each.resource) for each in kept] == [repr(said) for said in reversed(versions)]
            if versions[-1] is None:
                with pytest.raises(Gone):
                    self.store.read("MedicationRequest", id_)
            else:
                assert self.store.read("MedicationRequest", id_) == kept[0]

    @invariant()
    def search_finds_what_is_current(self) -> None:
        current = [id_ for id_ in reversed(self.model.created) if self.model.resources[id_][-1] is not None]
        assert self.found() == current
        active = [id_ for id_ in current if (self.model.resources[id_][-1] or {})["status"] == "active"]
        assert self.found(Criterion("status", ("active",))) == active
        assert self.found(Criterion("status", ("active",), "not")) == [id_ for id_ in current if id_ not in active]

    @invariant()
    def messages_are_those_of_the_model(self) -> None:
        kept = {each.message.id: [each.message, each.state, each.attempts, each.answer] for each in self.store.outbox()}
        assert kept == self.model.messages
        assert [record.agent for _, record in self.store.audit()] == self.model.agents

    def teardown(self) -> None:
        self.store.close()

    def found(self, *criteria: Criterion) -> list[str]:
        page = self.store.search(Query("MedicationRequest", criteria))
        assert page.total == len(page.matches)
        return [stored.id for stored in page.matches]

    @staticmethod
    def said(resource: dict[str, Any] | None) -> str:
        return repr(resource and {name: value for name, value in resource.items() if name != "meta"})


def check(opened: Any, examples: int) -> None:
    StoreMachine.opened = opened
    run_state_machine_as_test(
        StoreMachine,
        settings=settings(
            max_examples=examples, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


def test_sqlite_does_what_a_dict_would(sqlite_template: Path, folder: Path, definitions: Any) -> None:
    def opened() -> Store:
        for old in folder.glob("store.db*"):
            old.unlink()
        shutil.copy(sqlite_template, folder / "store.db")
        return open_store(f"sqlite:///{folder}/store.db", definitions, clock=Clock())

    check(opened, examples=25)


def test_postgresql_does_what_a_dict_would(postgresql_url: str, definitions: Any) -> None:
    def opened() -> Store:
        empty(postgresql_url)
        return open_store(postgresql_url, definitions, clock=Clock())

    check(opened, examples=8)
