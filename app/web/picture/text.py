"""Numbers as a person reads them: the twin of static/js/words/format.js, held equal to it by tests/cases/scales.json.

Digits are rounded half up, as JavaScript rounds: Python's own formatting takes the even one of two equally near.
"""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Context, Decimal

MINUS = "−"
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
EXACT = Context(prec=1100, rounding=ROUND_HALF_UP)
"""A float has at most 767 significant digits, and 309 before the point."""
FLOAT32_DIGITS = 7


def superscript(n: int) -> str:
    """A whole number as an exponent is written."""
    return str(n).translate(SUPERSCRIPTS)


def number(x: float, digits: int = 3, plus: bool = False) -> str:
    """A number with so many significant digits; very large and small ones as a product with a power of ten.

    ``plus``: positive numbers carry their sign too.
    """
    if math.isnan(x):
        return "not a number"
    # Frames hold float32: what is infinite there may be finite on the server, but is larger than this.
    if math.isinf(x):
        return "> 3·10³⁸" if x > 0 else f"< {MINUS}3·10³⁸"
    if x == 0:
        return "0"
    sign = MINUS if x < 0 else "+" if plus else ""
    mantissa, exponent = _scientific(abs(x), digits)
    if exponent < -4 or exponent > max(3, digits - 1):
        return f"{sign}{mantissa}·10{superscript(exponent)}"
    return sign + fixed(abs(x), max(0, digits - 1 - exponent))


def _scientific(x: float, digits: int) -> tuple[Decimal, int]:
    """Mantissa from 1 to 10 with so many digits, and exponent, of a number above 0."""
    rounded = Context(prec=digits, rounding=ROUND_HALF_UP).plus(Decimal(x))
    exponent = rounded.adjusted()
    return rounded.scaleb(-exponent).quantize(Decimal(1).scaleb(1 - digits)), exponent


def fixed(x: float, places: int) -> str:
    """A finite number with so many decimals; what rounds to zero from below keeps its sign, as in JavaScript."""
    rounded = Decimal(abs(x)).quantize(Decimal(1).scaleb(-places), context=EXACT)
    return f"-{rounded:f}" if x < 0 else f"{rounded:f}"


def brief(x: float) -> str:
    """At most three digits, and no zeros at their end: on axes and in names."""
    written = re.sub(r"(\.\d*?)0+(?=·|$)", r"\1", number(x))
    return re.sub(rf"^({MINUS}?)1·", r"\1", re.sub(r"\.(?=·|$)", "", written))


def short(x: float) -> str:
    """Whole numbers without decimals: targets."""
    if math.isfinite(x) and x == int(x) and abs(x) < 1000:
        return str(int(x)).replace("-", MINUS)
    return number(x)


def signed(x: float) -> str:
    """Three digits, with its sign: for blame."""
    return number(x, plus=True)


def six(x: float) -> str:
    """Six digits: for cards."""
    return number(x, digits=6)


def signed_six(x: float) -> str:
    """Six digits with its sign."""
    return number(x, digits=6, plus=True)


def attribute(x: float) -> str:
    """What a `data-*` attribute holds: seven significant digits, all that a float32 has, in a form that reads back."""
    if not math.isfinite(x):
        return "not finite"
    return shortest(float(Context(prec=FLOAT32_DIGITS, rounding=ROUND_HALF_UP).plus(Decimal(x))))


def shortest(x: float) -> str:
    """The fewest digits that read back as this finite number, written as JavaScript writes it."""
    if x == 0:
        return "0"
    _, digits, exponent = Decimal(repr(x)).normalize().as_tuple()
    assert isinstance(exponent, int)
    written, point = "".join(map(str, digits)), len(digits) + exponent
    return ("-" if x < 0 else "") + _placed(written, point)


def _placed(digits: str, point: int) -> str:
    """Digits with the decimal point after `point` of them (ECMA-262, Number::toString)."""
    if len(digits) <= point <= 21:
        return digits + "0" * (point - len(digits))
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return "0." + "0" * -point + digits
    exponent = f"e{'+' if point > 0 else '-'}{abs(point - 1)}"
    return (digits if len(digits) == 1 else f"{digits[0]}.{digits[1:]}") + exponent
