"""Faults of narratives: active content, what is no XHTML, and nothing said."""

from random import Random

from tests.validation.generated.faults.fault import Fault, Maker, Sites

_OPEN = '<div xmlns="http://www.w3.org/1999/xhtml">'
WRONG = (
    (_OPEN + "<p>x</p><script>alert(1)</script></div>", "narrative-element"),
    (_OPEN + "<form><p>x</p></form></div>", "narrative-element"),
    (_OPEN + '<p onclick="run()">x</p></div>', "narrative-attribute"),
    (_OPEN + '<a href="javascript:run()">x</a></div>', "narrative-active"),
    (_OPEN + "<p>x</div>", "narrative-markup"),
    (_OPEN + "<p>x &nbsp; y</p></div>", "narrative-entity"),
    ("<div><p>x</p></div>", "narrative-namespace"),
    ('<p xmlns="http://www.w3.org/1999/xhtml">x</p>', "narrative-root"),
    (_OPEN + "<p> </p></div>", "narrative-empty"),
    (_OPEN + '<p>see <a href="#nowhere">there</a></p></div>', "narrative-link"),
)


def narrative(sites: Sites, rng: Random) -> Fault | None:
    if "text" not in sites.expected.members or any(
        view.element.max == 0 for view in sites.expected.members["text"].views
    ):
        return None
    div, rule = rng.choice(WRONG)
    sites.resource["text"] = {"status": "generated", "div": div}
    return sites.fault(rule, f"{sites.resource['resourceType']}.text.div")


KINDS: dict[str, Maker] = {"wrong narrative": narrative}
