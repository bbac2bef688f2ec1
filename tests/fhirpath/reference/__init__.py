"""A slow, obvious FHIRPath interpreter: what the specification says, step by step, and nothing for speed.

It shares the parser's tree and the definitions with the engine, and no line of how anything is evaluated.
"""

from tests.fhirpath.reference.interpreter import Interpreter
from tests.fhirpath.reference.values import Failed, Unspecified

__all__ = ["Failed", "Interpreter", "Unspecified"]
