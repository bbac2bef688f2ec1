"""Records made from their schemas, as hypothesis strategies: hypothesis makes the choices, and so can shrink them."""

from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from fhir_iop.instruments import Instrument
from fhir_iop.mapping.loading import Compiled
from fhir_iop.mapping.making import record


def records(compiled: Compiled) -> st.SearchStrategy[dict[str, Any]]:
    """Records that the schema of ``compiled`` accepts."""
    return st.randoms(use_true_random=False).map(lambda random: record(compiled, random))


@st.composite
def answers(draw: st.DrawFn, instrument: Instrument) -> list[dict[str, str]]:
    """Answers that a questionnaire really has, some or all of them, in its order."""
    given: dict[str, str] = {}
    for item in instrument.items.values():
        asked = item.when is None or given.get(item.when[0]) == item.when[1]
        if asked and draw(st.booleans()):
            given[item.code] = draw(st.sampled_from([*item.answers]))
    assume(given)
    return [{"item": item, "answer": answer} for item, answer in given.items()]
