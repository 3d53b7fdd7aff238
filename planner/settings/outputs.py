"""The outputs of a run beside plan.json: one line each, from which settings, command line and README follow.

An output called ``x`` is written by ``write_x(plan, path)`` of the module ``planner.publish.x``.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

OUTPUTS: Mapping[str, str] = {"workbook": "plan.xlsx", "map": "map.html", "geopackage": "plan.gpkg"}
"""Output → its file in the run folder."""

if TYPE_CHECKING:
    OutputName = str
    OutputChoice = str
else:
    OutputName = Literal[tuple(OUTPUTS)]
    OutputChoice = StrEnum("OutputChoice", {name: name for name in OUTPUTS})
"""One of them, as a choice of the settings and of the command line."""
