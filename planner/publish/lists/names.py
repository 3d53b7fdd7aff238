"""Names of folders and files that every system takes, from texts of the input (R6, R13)."""

from __future__ import annotations

import re

_UNFIT = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*#%&\ud800-\udfff\u2028\u2029\u202a-\u202e\u2066-\u2069]+')
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?$")
LONGEST = 80
"""Bytes of a name: with the folders above it well below what a path may have."""


def folder_name(text: str, taken: set[str]) -> str:
    """The name nearest to ``text`` that no system refuses and that is not ``taken``, to which it is added; no matter of case."""
    plain = " ".join(_UNFIT.sub("_", text).split()).strip(". ") or "_"
    plain = plain.encode()[:LONGEST].decode(errors="ignore").rstrip(". ")
    if _DEVICES.match(plain):
        plain = f"_{plain}"
    number, name = 1, plain
    while name.casefold() in taken:
        number += 1
        name = f"{plain}-{number}"
    taken.add(name.casefold())
    return name
