"""The table ``targets``: what is to be reached by stage, quarter, chain, county and team; codes ``B12x``."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from planner.case.columns import Columns
from planner.case.following.people import CHAIN
from planner.language import Words
from planner.problems import nearest

TEAM = Words("专班", "team")


def link_targets(
    rows: Columns, chains: pd.DataFrame, parks: pd.DataFrame, teams: Sequence[str], quarters: Sequence[str]
) -> pd.DataFrame:
    """The targets (:attr:`planner.case.case.Case.targets`); what they name that the plan does not have is a problem at its cell."""
    told = {name: rows.text(name) for name in ("stage", "quarter", "county")}
    chain = rows.locate("chain_id", {str(name): at for at, name in enumerate(chains["chain_id"])}, CHAIN)
    rows.locate("team_id", {name: at for at, name in enumerate(teams)}, TEAM)
    numbers = rows.told((), ("projects", "investment"))
    frame = rows.made({**told, "chain": chain, "team": rows.text("team_id"), **numbers, "row": rows.order})
    if rows.table is None:
        return frame
    counties = sorted({str(name) for name in parks["county"] if name} if "county" in parks.columns else ())
    for at, row in enumerate(frame.to_dict("records")):
        if np.isnan(row["projects"]) and np.isnan(row["investment"]) and not rows.refused(at, "projects", "investment"):
            rows.report("B120", at, "projects" if rows.has("projects") else "stage", beside=("projects", "investment"))
        if row["county"] and row["county"] not in counties:
            near = nearest(row["county"], counties)
            remedy = Words("最接近的是：{near}", "nearest: {near}").fill(near=Words.listed(near)) if near else _COUNTY
            rows.report("B121", at, "county", row["county"], rests=["parks.county", "parks.*"], remedy=remedy)
        if row["quarter"] and row["quarter"] not in quarters:
            horizon = f"{quarters[0]}–{quarters[-1]}"
            rows.report("B122", at, "quarter", row["quarter"], rests=[("quarters",)], horizon=horizon)
    return frame[frame["stage"] != ""].reset_index(drop=True)


_COUNTY = Words("写园区表中的区县；各区县都算就留空", "write a county of the table parks; blank for everywhere")
