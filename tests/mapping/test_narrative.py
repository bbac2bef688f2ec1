"""A plan in words: a client that shows text only shows all that a patient in a crisis has to read."""

from fhir_iop.mapping.narrative import narrative

STEP = {"detail": {"code": {"coding": [{"code": "x"}, {"code": "y", "display": "A safer place"}]}}}


def test_an_activity_is_told_with_what_is_written_of_it() -> None:
    told = {"detail": {**STEP["detail"], "description": "Locked away\nby <her> sister & me"}}
    plan = {"resourceType": "CarePlan", "title": "In a crisis", "activity": [told, STEP, {"detail": {}}]}
    assert narrative(plan)["div"].endswith(
        "<p>In a crisis</p><p>A safer place: Locked away<br/>by &lt;her&gt; sister &amp; me</p>"
        "<p>A safer place</p></div>"
    )


def test_an_activity_without_a_code_is_told_too() -> None:
    plan = {"resourceType": "CarePlan", "activity": [{"detail": {"description": "Call"}}, {"reference": {}}]}
    assert narrative(plan)["div"].endswith("<p>Call</p></div>")
