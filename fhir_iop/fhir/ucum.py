"""UCUM units that medicine and laboratories use: what each is in base units, exactly (https://ucum.org/ucum).

A closed table: a unit that isn't derived from it is unknown, never guessed. Factors are exact fractions, so that
converting there and back gives the same number. Units on a logarithmic or arbitrary scale (``[pH]``, ``[iU]``) are
dimensions of their own: they compare with themselves and nothing else.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from fhir_iop.fhir.remembered import remembered

_LONGEST = 80
_LARGEST_EXPONENT = 9

_PREFIXES = {
    "Y": 24, "Z": 21, "E": 18, "P": 15, "T": 12, "G": 9, "M": 6, "k": 3, "h": 2, "da": 1,
    "d": -1, "c": -2, "m": -3, "u": -6, "n": -9, "p": -12, "f": -15, "a": -18, "z": -21, "y": -24,
}  # fmt: skip

# Base units, in which everything else is said; all of them take prefixes.
_BASE = ("m", "s", "g", "rad", "K", "C", "cd")

# unit: (number, in these units). Those that take metric prefixes first.
_METRIC = {
    "mol": ("6.0221367e23", "1"),
    "sr": ("1", "rad2"),
    "Hz": ("1", "s-1"),
    "N": ("1", "kg.m.s-2"),
    "Pa": ("1", "N.m-2"),
    "J": ("1", "N.m"),
    "W": ("1", "J.s-1"),
    "A": ("1", "C.s-1"),
    "V": ("1", "J.C-1"),
    "F": ("1", "C.V-1"),
    "Ohm": ("1", "V.A-1"),
    "S": ("1", "Ohm-1"),
    "Bq": ("1", "s-1"),
    "Gy": ("1", "J.kg-1"),
    "Sv": ("1", "J.kg-1"),
    "Ci": ("3.7e10", "Bq"),
    "l": ("1", "dm3"),
    "L": ("1", "dm3"),
    "t": ("1e3", "kg"),
    "bar": ("1e5", "Pa"),
    "u": ("1.6605402e-24", "g"),
    "eV": ("1.60217733e-19", "J"),
    "eq": ("1", "mol"),
    "osm": ("1", "mol"),
    "kat": ("1", "mol.s-1"),
    "U": ("1", "umol.min-1"),
    "cal": ("4.184", "J"),
    "m[Hg]": ("133.322", "kPa"),
    "m[H2O]": ("9.80665", "kPa"),
    "bit": ("1", "1"),
    "By": ("8", "1"),
    "st": ("1", "m3"),
    "g%": ("1", "g.dl-1"),
}
_PLAIN = {
    "1": ("1", ""),
    "10*": ("10", "1"),
    "10^": ("10", "1"),
    "%": ("1e-2", "1"),
    "[ppth]": ("1e-3", "1"),
    "[ppm]": ("1e-6", "1"),
    "[ppb]": ("1e-9", "1"),
    "[pi]": ("3.1415926535897932384626433832795028841971693993751058209749445923", "1"),
    "min": ("60", "s"),
    "h": ("60", "min"),
    "d": ("24", "h"),
    "wk": ("7", "d"),
    "a": ("365.25", "d"),
    "a_j": ("365.25", "d"),
    "a_g": ("365.2425", "d"),
    "a_t": ("365.24219", "d"),
    "mo": ("30.4375", "d"),
    "mo_j": ("30.4375", "d"),
    "mo_g": ("30.436875", "d"),
    "mo_s": ("29.53059", "d"),
    "deg": ("0.01745329251994329576923690768488612713442871888541725456097191440171", "rad"),
    "atm": ("101325", "Pa"),
    "[in_i]": ("2.54", "cm"),
    "[ft_i]": ("12", "[in_i]"),
    "[yd_i]": ("3", "[ft_i]"),
    "[mi_i]": ("5280", "[ft_i]"),
    "[sin_i]": ("1", "[in_i]2"),
    "[sft_i]": ("1", "[ft_i]2"),
    "[gr]": ("64.79891", "mg"),
    "[lb_av]": ("7000", "[gr]"),
    "[oz_av]": ("437.5", "[gr]"),
    "[dr_av]": ("27.34375", "[gr]"),
    "[ston_av]": ("2000", "[lb_av]"),
    "[stone_av]": ("14", "[lb_av]"),
    "[oz_tr]": ("480", "[gr]"),
    "[oz_ap]": ("480", "[gr]"),
    "[sc_ap]": ("20", "[gr]"),
    "[dr_ap]": ("60", "[gr]"),
    "[lb_ap]": ("5760", "[gr]"),
    "[gal_us]": ("231", "[in_i]3"),
    "[qt_us]": ("57.75", "[in_i]3"),
    "[pt_us]": ("28.875", "[in_i]3"),
    "[cup_us]": ("14.4375", "[in_i]3"),
    "[foz_us]": ("1.8046875", "[in_i]3"),
    "[tbs_us]": ("0.90234375", "[in_i]3"),
    "[tsp_us]": ("0.30078125", "[in_i]3"),
    "[cup_m]": ("240", "ml"),
    "[foz_m]": ("30", "ml"),
    "[tbs_m]": ("15", "ml"),
    "[tsp_m]": ("5", "ml"),
    "[drp]": ("0.05", "ml"),
    "[Cal]": ("1", "kcal"),
    "[psi]": ("6894.757293168361", "Pa"),
    "[in_i'Hg]": ("2.54", "cm[Hg]"),
    "[in_i'H2O]": ("2.54", "cm[H2O]"),
    "[Ch]": ("1", "mm.[pi]-1"),
    "[diop]": ("1", "m-1"),
    "[MET]": ("3.5", "ml.min-1.kg-1"),
}
# On scales of their own; those in the first line take prefixes.
_OWN_METRIC = ("[iU]", "[IU]", "[arb'U]", "[USP'U]", "B", "Np", "mol[H+]", "[CFU]", "[PFU]", "[EID_50]", "[CCID_50]")
_OWN = (
    "[pH]", "[HPF]", "[LPF]", "[hpf]", "[lpf]", "[GPL'U]", "[MPL'U]", "[APL'U]", "[beth'U]", "[anti'Xa'U]", "[tb'U]",
    "[todd'U]", "[dye'U]", "[smgy'U]", "[bdsk'U]", "[ka'U]", "[knk'U]", "[mclg'U]", "[Lf]", "[D'ag'U]", "[AU]", "[BAU]",
    "[FEU]", "[ELU]", "[EU]", "[FFU]", "[TCID_50]", "[PNU]", "[S]", "[p'diop]", "[HP]",
)  # fmt: skip
_SAME = {"[IU]": "[iU]", "[HPF]": "[hpf]", "[LPF]": "[lpf]"}
# Temperature: value in kelvin = value × factor + offset.
_OFFSET = {
    "Cel": (Fraction(1), Fraction("273.15")),
    "[degF]": (Fraction(5, 9), Fraction("459.67") * Fraction(5, 9)),
}
_TOKEN = re.compile(r"10[*^]|[./()]|\{[^{}]*\}|(?:\[[^\[\]]*\]|[^\[\]{}()./0-9+-]|(?<=_)\d)+|[+-]?\d+", re.ASCII)


class Unit(NamedTuple):
    """A unit in base units: value × ``factor`` + ``offset``; ``dimensions`` are base units with their exponents."""

    factor: Fraction
    dimensions: tuple[tuple[str, int], ...]
    offset: Fraction = Fraction(0)

    def code(self) -> str:
        """Write the base units as a UCUM code, ``1`` where there are none."""
        return ".".join(f"{base}{'' if power == 1 else power}" for base, power in self.dimensions) or "1"


_ONE = Unit(Fraction(1), ())


@remembered(2048)
def unit(code: str) -> Unit | None:
    """Return what a case-sensitive UCUM ``code`` is in base units; None for one the table doesn't cover."""
    if not code or len(code) > _LONGEST or not code.isascii():
        return None
    if code in _OFFSET:
        factor, offset = _OFFSET[code]
        return Unit(factor, (("K", 1),), offset)
    found = _TOKEN.findall(code)
    if "".join(found) != code:
        return None
    return _Parser(found).whole()


def product(left: Unit, right: Unit, power: int = 1) -> Unit:
    """Multiply one unit by another to a power (-1 divides)."""
    exponents = dict(left.dimensions)
    for base, exponent in right.dimensions:
        exponents[base] = exponents.get(base, 0) + exponent * power
    dimensions = tuple(sorted((base, exponent) for base, exponent in exponents.items() if exponent))
    return Unit(left.factor * right.factor**power, dimensions)


class _Parser:
    """``term = ['/'] component (('.' | '/') component)*``; annotations in braces count as 1."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.at = 0

    def whole(self) -> Unit | None:
        found = self.term()
        return found if self.at == len(self.tokens) else None

    def next(self) -> str | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def term(self) -> Unit | None:
        result = _ONE
        power = 1
        if self.next() == "/":
            power = -1
            self.at += 1
        while True:
            part = self.component()
            if part is None:
                return None
            result = product(result, part, power)
            if self.next() not in (".", "/"):
                return result
            power = -1 if self.next() == "/" else 1
            self.at += 1

    def component(self) -> Unit | None:
        symbol = self.next()
        self.at += 1
        if symbol is None or symbol in "./)":
            return None
        if symbol == "(":
            inner = self.term()
            if self.next() != ")":
                return None
            self.at += 1
            return inner
        if symbol[0] == "{":
            return _ONE
        if symbol.isdigit():
            return Unit(Fraction(int(symbol)), ()) if 0 < int(symbol) < 10**9 else None
        return self.annotated(_simple(symbol))

    def annotated(self, found: Unit | None) -> Unit | None:
        exponent = self.next()
        if found is not None and exponent is not None and exponent.lstrip("+-").isdigit():
            self.at += 1
            if not 0 < abs(int(exponent)) <= _LARGEST_EXPONENT * (3 if found.dimensions == () else 1):
                return None
            found = product(_ONE, found, int(exponent))
        if (annotation := self.next()) is not None and annotation[0] == "{":
            self.at += 1
        return found


@lru_cache(maxsize=512)
def _simple(symbol: str) -> Unit | None:
    found = _atom(symbol, metric=False)
    if found is not None:
        return found
    for length in (1, 2):
        prefix = symbol[:length]
        if prefix in _PREFIXES and (found := _atom(symbol[length:], metric=True)) is not None:
            return found._replace(factor=found.factor * Fraction(10) ** _PREFIXES[prefix])
    return None


def _atom(symbol: str, *, metric: bool) -> Unit | None:
    if symbol in _BASE:
        return Unit(Fraction(1), ((symbol, 1),))
    if symbol in _OWN_METRIC or (symbol in _OWN and not metric):
        return Unit(Fraction(1), ((_SAME.get(symbol, symbol), 1),))
    table = _METRIC if metric else _METRIC | _PLAIN
    if symbol not in table:
        return None
    number, of = table[symbol]
    base = unit(of) if of else _ONE
    return base and base._replace(factor=base.factor * Fraction(number))
