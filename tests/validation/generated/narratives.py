"""Narratives that may stand in a resource (https://hl7.org/fhir/R4/narrative.html)."""

from random import Random

from tests.validation.generated.primitives import text

_BODIES = (
    "<p>{}</p>",
    "<p><b>{}</b><br/>and <i>more</i></p>",
    '<table class="grid"><tr><td colspan="2">{}</td></tr></table>',
    "<ul><li>{}</li><li>&#160;&amp; so on</li></ul>",
    '<h2>{}</h2><p style="color: #333">see <a href="http://records.invented.test/a?b=1&amp;c=2">there</a></p>',
    "{}",
    '<p title="a note">{}</p><!-- a comment -->',
)


def div(rng: Random) -> str:
    """Return a narrative's markup."""
    said = text(rng).replace("&", "&amp;").replace("<", "&lt;")
    return f'<div xmlns="http://www.w3.org/1999/xhtml">{rng.choice(_BODIES).format(said)}</div>'
