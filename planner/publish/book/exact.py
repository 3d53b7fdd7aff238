"""A number that a workbook gets with all its digits."""

from __future__ import annotations


class Exact(float):
    """xlsxwriter writes 16 digits, and some numbers need 17 to read back equal."""

    def __format__(self, spec: str) -> str:
        return digits(float(self)) if spec == ".16G" else super().__format__(spec)


def digits(number: float) -> str:
    """The shortest text that reads back equal; whole numbers without a point."""
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
