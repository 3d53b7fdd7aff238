"""``lists/``: the list sets that papers ask for and those of the bureau's own, filled from a plan and its tables.

A set is a YAML file (:mod:`planner.publish.lists.schema`, ``models/lists``). It is read and checked (:mod:`~planner.publish.lists.load`),
filled (:mod:`~planner.publish.lists.fill`) and written as a workbook and pages (:mod:`~planner.publish.lists.folder`).
"""

from __future__ import annotations

from planner.publish.lists.folder import write_lists
from planner.publish.lists.load import check_lists

__all__ = ["check_lists", "write_lists"]
