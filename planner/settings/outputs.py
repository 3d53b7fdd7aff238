"""The outputs of a run beside plan.json: one line each, from which settings, command line and README follow.

An output called ``x`` is written by ``write_x`` of the module that its line names: a file from the plan alone, by
``write_x(plan, path)``; a folder from the plan and its tables, by ``write_x(desk, folder)`` (:class:`planner.publish.desk.Desk`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

FILES: Mapping[str, str] = {"workbook": "plan.xlsx", "map": "map.html", "geopackage": "plan.gpkg"}
"""Output → its file in the run folder; what a run writes where its settings say nothing."""
FOLDERS: Mapping[str, str] = {
    "charts": "charts",
    "lists": "lists",
    "dossiers": "dossiers",
    "brief": "brief",
    "report": "reports",
    "handouts": "handouts",
}
"""Output → its folder in the run folder, for outputs of many files; written when asked for."""
OUTPUTS: Mapping[str, str] = {**FILES, **FOLDERS}
MODULES: Mapping[str, str] = {"report": "reports", "handouts": "map"}
"""Where the module of an output is not called like it."""

if TYPE_CHECKING:
    OutputName = str
else:
    OutputName = Literal[tuple(OUTPUTS)]
"""One of them, as a choice of the settings."""


def chosen_outputs(said: Sequence[str]) -> tuple[str, ...]:
    """Outputs by name, several in one text between commas. Raises ValueError, in both languages: there is no such output."""
    names = [name.strip() for text in said for name in text.replace("，", ",").split(",")]
    for name in names:
        if name not in OUTPUTS:
            raise ValueError(f"没有这种成果 / there is no such output: {name}（{'、'.join(OUTPUTS)}）")
    return tuple(dict.fromkeys(names))
