"""An earlier plan as positions in a case: what later plans are held against, project by project."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from planner.case.case import Case, Reference


def reference_of(case: Case, selected: Iterable[tuple[str, str, str]]) -> Reference:
    """``selected`` are candidate, park and quarter of an earlier plan's projects, by id; each candidate once (the last counts)."""
    firms = {candidate: (candidate, park, quarter) for candidate, park, quarter in selected}
    known: tuple[Iterable[str], ...] = (case.candidates["candidate_id"], case.parks["park_id"], case.quarters)
    wanted = pd.DataFrame(list(firms.values()), columns=["candidate", "park", "quarter"], dtype=object)
    names = wanted["candidate"].to_numpy()
    at = [
        pd.Index(list(ids), dtype=object).get_indexer(pd.Index(wanted[kind]))
        for kind, ids in zip(wanted.columns, known, strict=True)
    ]
    candidate, park, quarter = (np.asarray(each, dtype=np.int64) for each in at)
    order = np.argsort(candidate, kind="stable")
    order = order[candidate[order] >= 0]
    found = candidate[order]
    frame = case.candidates
    fallen = frame["exclude"].to_numpy(bool)[found] | (frame["status"] == "lost").to_numpy(bool)[found]
    fallen |= case.standing.waiting[found]
    return Reference(found, park[order], quarter[order], fallen, tuple(sorted(map(str, names[candidate < 0]))))
