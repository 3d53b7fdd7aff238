"""Deals of a synthetic region that have signed: each in a park and a quarter, and limits that hold them all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd


def promise(
    tables: Mapping[str, pd.DataFrame], count: int, calendar: Sequence[str], resources: Sequence[str], dice: np.random.Generator
) -> dict[str, pd.DataFrame]:
    """The tables with ``count`` random candidates signed, in parks that take their chain and in quarters all alike.

    Where a limit does not hold what is promised, it is raised to hold just that: a region that has signed more than it has would
    leave nothing to plan. No ``count``: the tables as they are.
    """
    every = dict(tables)
    if not count:
        return every
    firms, parks = every["candidates"].copy(), every["parks"].copy()
    chain = firms["link_id"].map(every["links"].set_index("link_id")["chain_id"])
    takes = [set(names.split(";")) for names in parks["allowed_chains"]]
    signed = np.sort(dice.choice(len(firms), count, replace=False))
    park = np.array([int(dice.choice([k for k, names in enumerate(takes) if chain.iloc[at] in names])) for at in signed])
    quarter = dice.permutation(np.arange(count) % len(calendar))
    firms["status"], firms["fixed_park"], firms["fixed_quarter"] = "意向", "", ""
    firms.loc[signed, "status"] = "已签约"
    firms.loc[signed, "fixed_park"] = parks["park_id"].to_numpy(object)[park]
    firms.loc[signed, "fixed_quarter"] = np.array(calendar, dtype=object)[quarter]
    deals = firms.iloc[signed].assign(chain_id=chain.iloc[signed])
    every |= {"candidates": firms, "parks": parks}
    for name in resources:
        used = deals.groupby("fixed_park")[name].sum()
        parks[name] = _at_least(parks[name], parks["park_id"], used)
        if "capacities" in every:
            phases = every["capacities"] = every["capacities"].copy()
            own = phases["resource_id"] == name
            phases.loc[own, "amount"] = _at_least(phases.loc[own, "amount"], phases.loc[own, "scope_id"], used)
    every["funds"] = every["funds"].copy()
    owed = deals.groupby(["fund_id", "fixed_quarter"])["subsidy"].sum()
    keys = pd.Series(list(zip(every["funds"]["fund_id"], every["funds"]["quarter"], strict=True)), every["funds"].index)
    every["funds"]["amount"] = _at_least(every["funds"]["amount"], keys, owed)
    team = "team" if "team" in firms else "chain_id"
    busy = deals.groupby([team, "fixed_quarter"])["effort"].sum().groupby(level=0).max()
    teams = every["teams"] = every["teams"].copy()
    teams["effort"] = _at_least(teams["effort"], teams["team_id" if team == "team" else "chain_id"], busy)
    return every


def _at_least(amounts: pd.Series[float], keys: pd.Series[str], needed: pd.Series[float]) -> pd.Series[float]:
    """Amounts raised, by their keys, to what is needed; in tenths, upwards."""
    least = np.ceil(10 * keys.map(needed).fillna(0.0).to_numpy(float) - 1e-9) / 10
    return pd.Series(np.maximum(amounts.to_numpy(float), least), amounts.index)
