"""What an answer means, and that no answer of any shape is taken for a success it isn't."""

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_iop.fhir.json import encode
from fhir_iop.pharmacy import message_id, read_reply, simulate_reply
from fhir_iop.session import Answer
from tests.pharmacy.story import AT, FILM, PHARMACY_URL, SERTRALINE, built, rules

NEW = built().message
CANCEL = built(SERTRALINE | {"status": "cancelled", "statusReason": {"text": "duplicate"}}, event="cancel-rx").message


def answered(body, status=200, media_type="application/fhir+json"):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(PHARMACY_URL, status, {"content-type": media_type}, raw)


def response(code="ok", *resources, message=NEW, identifier=None):
    header = {
        "resourceType": "MessageHeader",
        "response": {"identifier": identifier or message["entry"][0]["resource"]["id"], "code": code},
    }
    return {"resourceType": "Bundle", "type": "message", "entry": [{"resource": r} for r in (header, *resources)]}


def task(status, **more):
    return {"resourceType": "Task", "status": status, **more}


def outcome(severity="error", **more):
    return {"resourceType": "OperationOutcome", "issue": [{"severity": severity, "code": "invalid", **more}]}


def test_the_pharmacists_word_decides():
    reply = read_reply(answered(response("ok", task("accepted"))), NEW)
    assert (reply.status, reply.again, reply.issues) == ("accepted", False, [])
    assert reply.answer["entry"]


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ("requested", "received"),
        ("received", "received"),
        ("ready", "accepted"),
        ("in-progress", "in-progress"),
        ("completed", "completed"),
        ("rejected", "rejected"),
        ("cancelled", "cancelled"),
        ("failed", "failed"),
        ("draft", None),
        ("entered-in-error", None),
        (7, None),
    ],
)
def test_states_of_a_task(told, status):
    assert read_reply(answered(response("ok", task(told))), NEW).status == status


def test_transport_success_is_not_business_success():
    assert read_reply(answered(response("ok")), NEW).status == "received"
    assert read_reply(answered(outcome("information")), NEW).status == "received"
    assert read_reply(answered(b"", 202), NEW).status == "received"
    refused = read_reply(answered(response("ok", outcome(details={"text": "No such drug"}))), NEW)
    assert (refused.status, refused.reason) == ("rejected", {"text": "No such drug"})
    assert read_reply(answered(outcome(diagnostics="why")), NEW).reason == {"text": "why"}


@pytest.mark.parametrize("status", [200, 400, 422])
def test_a_refusal_is_read_in_every_form(status):
    reason = {"coding": [{"system": "urn:r", "code": "0002", "display": "Unable", "extra": 1}], "text": "Closed"}
    for body in (
        response("fatal-error", outcome(details=reason)),
        outcome(details=reason),
        response("ok", task("rejected", statusReason=reason)),
    ):
        reply = read_reply(answered(body, status), NEW)
        assert reply.status == "rejected"
        assert reply.reason == {
            "coding": [{"system": "urn:r", "code": "0002", "display": "Unable"}],
            "text": "Closed",
        }


def test_a_pharmacy_that_asks_for_patience():
    reply = read_reply(answered(response("transient-error")), NEW)
    assert (reply.status, reply.again, rules(reply)) == (None, True, {"reply-later"})


def test_the_same_id_with_another_content_is_a_matter_for_a_person():
    reply = read_reply(answered(outcome(), 409), NEW)
    assert (reply.status, rules(reply)) == ("failed", {"reply-conflict"})


@pytest.mark.parametrize(
    ("answer", "rule"),
    [
        (answered(b""), "reply-empty"),
        (answered(b" \n", 204), "reply-empty"),
        (answered(b"<html>Log in</html>", media_type="text/html"), "reply-not-fhir"),
        (answered(b"<html>Log in</html>"), "reply-malformed"),
        (answered(b'{"resourceType": "Bun'), "reply-malformed"),
        (answered(b"[]"), "reply-malformed"),
        (answered(b"\xff\xfe"), "reply-malformed"),
        (answered(b"null", media_type=""), "reply-malformed"),
        (answered({}), "reply-unclear"),
        (answered({"resourceType": "Bundle", "type": "searchset"}), "reply-unclear"),
        (answered({"resourceType": "Bundle", "type": "message", "entry": 3}), "reply-unclear"),
        (answered(response("perhaps")), "reply-unclear"),
        (answered(response("ok", task("accepted"), identifier="another")), "reply-other"),
        (answered(response("fatal-error", identifier=message_id(FILM))), "reply-other"),
        (answered(response("ok", task("completed", focus={"reference": "MedicationRequest/film"}))), "reply-other"),
        (answered(response("ok", task("completed", focus="it"))), "reply-other"),
    ],
)
def test_what_says_nothing_is_told_apart_and_asked_again(answer, rule):
    reply = read_reply(answer, NEW)
    assert (reply.status, reply.again, rules(reply)) == (None, True, {rule})
    assert "Log in" not in reply.issues[0].details


@pytest.mark.parametrize(
    "focus",
    [
        {"reference": NEW["entry"][1]["fullUrl"]},
        {"reference": "MedicationRequest/order"},
        {"identifier": SERTRALINE["identifier"][0]},
        None,
    ],
)
def test_a_task_may_name_the_order_in_each_way(focus):
    found = task("completed") if focus is None else task("completed", focus=focus)
    assert read_reply(answered(response("ok", task("rejected", focus={}), found)), NEW).status == "completed"


def test_an_id_may_be_written_as_a_uri():
    sent = NEW["entry"][0]["resource"]["id"]
    assert read_reply(answered(response("ok", identifier=f"urn:uuid:{sent}")), NEW).status == "received"


def test_a_cancellation_is_done_when_the_pharmacy_says_cancelled():
    def reply(*resources, code="ok"):
        return read_reply(answered(response(code, *resources, message=CANCEL)), CANCEL)

    assert reply(task("cancelled")).status == "cancelled"
    assert reply(task("completed")).status == "completed"
    for denied in (
        reply(task("rejected", statusReason={"text": "dispensed"})),
        reply(outcome(details={"text": "dispensed"})),
        reply(outcome(details={"text": "dispensed"}), code="fatal-error"),
    ):
        assert (denied.status, denied.again, rules(denied)) == (None, False, {"reply-not-cancelled"})
        assert denied.reason == {"text": "dispensed"}
    for open_ in (reply(), reply(task("accepted"))):
        assert (open_.status, rules(open_)) == (None, {"reply-unclear"})


def test_foreign_words_are_kept_plain_and_short():
    reason = {"coding": [3, {"code": 4}], "text": "x" * 10_000, "extension": [{"url": "urn:x"}]}
    assert read_reply(answered(response("ok", task("rejected", statusReason=reason))), NEW).reason == {
        "text": "x" * 500
    }


names = st.sampled_from(["severity", "code", "details", "text", "coding", "focus", "status", "issue"])
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["ok", "accepted", "error", "message", "Task", "x"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["severity", "code", "details", "text", "coding", "focus", "status", "issue"]), inner
        )
    ),
    max_leaves=12,
)


sent_ids = st.sampled_from([message_id(SERTRALINE), "x"])


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "resourceType": st.sampled_from(["Bundle", "OperationOutcome", "Task"]),
            "type": st.just("message"),
            "issue": values,
            "entry": st.lists(
                st.fixed_dictionaries(
                    {
                        "resource": st.fixed_dictionaries(
                            {"resourceType": st.sampled_from(["MessageHeader", "Task", "OperationOutcome"])},
                            optional={
                                "response": st.fixed_dictionaries(
                                    {"identifier": st.sampled_from([message_id(SERTRALINE), "x"])},
                                    optional={"code": values},
                                ),
                                "status": values,
                                "focus": values,
                                "statusReason": values,
                                "businessStatus": values,
                                "issue": values,
                            },
                        )
                    }
                )
                | values,
                max_size=4,
            )
            | values,
        },
    )
    | values,
    st.sampled_from([NEW, CANCEL]),
)
def test_an_answer_of_any_shape_is_read(body, message):
    reply = read_reply(answered(body), message)
    if reply.status in {"accepted", "in-progress", "completed", "cancelled"}:
        assert not reply.again
        assert any(entry["resource"]["resourceType"] == "Task" for entry in body["entry"] if "resource" in entry)


@given(st.binary(max_size=40), st.sampled_from([200, 202, 400]), st.sampled_from(["", "application/json", "text/html"]))
def test_bytes_of_any_kind_are_read(raw, status, media_type):
    reply = read_reply(answered(raw, status, media_type), NEW)
    assert reply.again or reply.status in {"received", "rejected"}


# --- the simulated pharmacy ----------------------------------------------------------------------------------------


def clock():
    return AT + timedelta(minutes=1)


def test_the_simulated_pharmacy_takes_good_orders():
    for message, status in ((NEW, "accepted"), (built(FILM).message, "accepted"), (CANCEL, "cancelled")):
        answer = simulate_reply(json.loads(encode(message)), clock)
        assert answer == simulate_reply(json.loads(encode(message)), clock)
        assert read_reply(answered(answer), message).status == status
        assert answer["id"] != message["id"]
        assert answer.get("meta", {}).get("security") == message["meta"].get("security")


@pytest.mark.parametrize("lacking", ["Patient", "Practitioner", "Organization", "Consent", "MedicationRequest"])
def test_the_simulated_pharmacy_rejects_an_order_that_lacks_something(lacking):
    message = json.loads(encode(built(FILM).message))
    message["entry"] = [entry for entry in message["entry"] if entry["resource"]["resourceType"] != lacking]
    reply = read_reply(answered(simulate_reply(message, clock)), built(FILM).message)
    assert reply.status == "rejected"
    assert reply.reason["text"].startswith("The prescription lacks")


def test_the_simulated_pharmacy_rejects_directions_without_a_dose():
    order = SERTRALINE | {"dosageInstruction": [{"text": "as told"}]}
    message = built(order).message
    assert read_reply(answered(simulate_reply(message, clock)), message).status == "rejected"


@given(values)
def test_the_simulated_pharmacy_answers_anything(message):
    assert simulate_reply(message, clock)["resourceType"] == "OperationOutcome"


@given(st.data())
def test_the_simulated_pharmacy_answers_a_message_with_anything_in_it(data):
    message = json.loads(encode(NEW))
    place = data.draw(st.integers(0, len(message["entry"]) - 1))
    resource = message["entry"][place]["resource"]
    resource[data.draw(st.sampled_from(sorted(resource)))] = data.draw(values)
    assert simulate_reply(message, clock)["resourceType"] in {"OperationOutcome", "Bundle"}
