"""Amounts of credits and dollars as people read and write them. Credits are counted in thousandths."""

from __future__ import annotations

import re
from decimal import Decimal

from jobs.errors import Invalid

THOUSAND = 1000


def spoken(thousandths: int) -> str:
    """Credits as people read them: 3,500 or 0.125."""
    return f"{thousandths / THOUSAND:,.3f}".rstrip("0").rstrip(".")


def dollars(amount: float) -> str:
    """US dollars as people read them, with a tenth of a cent where there is one: $38.56 or $0.025."""
    cents, exact = f"${amount:,.2f}", f"${amount:,.3f}"
    return exact if amount < 1 and not exact.endswith("0") else cents


def heard(text: str) -> int | None:
    """Thousandths from what a person typed, 3,500 or 0.125; None for nothing. Raises Invalid."""
    plain = text.strip().replace(",", "")
    if not plain:
        return None
    if not re.fullmatch(r"\d{1,9}(\.\d{1,3})?", plain):
        raise Invalid(f"“{text.strip()}” is no number of credits. Write it as 240 or 0.5, or leave it empty.")
    return round(Decimal(plain) * THOUSAND)
