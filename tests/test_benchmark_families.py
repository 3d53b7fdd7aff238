"""Instances with drawn knobs: they are what was drawn, they open, and nothing that has signed breaks a limit."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from benchmarks.families import INPUTS, KNOBS, MOST_PARKS, PREFECTURE, Family, drawn, family
from benchmarks.instances import LAWS, NAMES, SIZES, Region, tables, write_instance, write_region
from planner.case.accounts import account
from planner.case.case import Choice
from planner.plan.open import open_plan
from planner.plan.verify import broken, held
from tests.sweep import sweep

SEEDS = sweep(range(1, 41), 4)


def _files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("seed", SEEDS)
def test_tables_are_what_the_knobs_say(seed: int) -> None:
    one = family(seed)
    region, knobs = one.region, one.knobs
    assert set(knobs) == {knob.name for knob in KNOBS}
    every = tables(region, seed)
    firms, parks, links, teams = (every[name] for name in ("candidates", "parks", "links", "teams"))
    assert len(firms) == knobs["candidates"]
    assert len(every["chains"]) == knobs["chains"]
    assert len(links) == knobs["chains"] * knobs["links_per_chain"]
    assert len(parks) * knobs["firms_per_park"] / len(firms) == pytest.approx(knobs["room"], abs=1e-3)
    assert (
        [name for name in NAMES if name in parks] == [name for name in NAMES if name in firms] == list(NAMES[: knobs["resources"]])
    )
    # Each park takes its share of the chains; chains that no park took are added, one park each.
    taken = parks["allowed_chains"].str.split(";").map(len)
    share = max(1, round(knobs["density"] * knobs["chains"]))
    assert taken.min() >= share
    assert taken.sum() - share * len(parks) <= max(0, knobs["chains"] - share)
    funds = every["funds"]
    assert funds["quarter"].nunique() == knobs["quarters"]
    assert set(funds["carry_over"]) == {"是" if knobs["carry_over"] else "否"}
    assert ("min_sources" in links) == knobs["backups"]
    assert ("capacities" in every) == knobs["phases"]
    if "link_edges" in every:
        inputs = every["link_edges"].groupby("to_link").size()
        assert inputs.max() <= INPUTS[str(knobs["edges"])][1]
        assert inputs.mean() > 0.5 * INPUTS[str(knobs["edges"])][0]
    else:
        assert knobs["edges"] == "none"
    # What all teams land together, but for the dice of each and for teams that are as large as the largest firm.
    assert ("chain_id" in teams) == (knobs["teams"] == "by chain")
    landed = len(teams) * knobs["team_firms"] * knobs["quarters"]
    assert landed == pytest.approx(knobs["reach"] * knobs["room"] * len(firms), rel=5e-3)
    assert teams["effort"].min() >= firms["effort"].max()


def _money(region: Region, seed: int) -> float:
    every = tables(region, seed)
    return float(every["funds"]["amount"].sum() / (region.held * every["candidates"]["subsidy"].mean()))


@pytest.mark.parametrize("money", [0.25, 1.0])
def test_money_covers_the_share_of_what_the_parks_hold(money: float) -> None:
    region = replace(family(1).region, money=money, locked=0.0, quarters=12)
    assert _money(region, 1) == pytest.approx(money, rel=0.1)


@pytest.mark.parametrize("seed", SEEDS)
def test_as_many_have_signed_as_drawn_and_no_limit_is_broken_by_them(seed: int, tmp_path: Path) -> None:
    """The plan of the signed deals alone is a plan: of an instance without them, the empty one."""
    one = family(seed)
    opened = open_plan(one.write(tmp_path))
    assert opened.warnings == ()
    case, knobs = opened.case, one.knobs
    signed = np.flatnonzero((case.candidates["status"] == "signed").to_numpy(bool))
    assert len(signed) == round(float(knobs["locked"]) * int(knobs["candidates"]))
    park, quarter = (case.candidates[name].to_numpy(np.int64)[signed] for name in ("fixed_park", "fixed_quarter"))
    chain = case.candidates["chain"].to_numpy(np.int64)[signed]
    assert case.chain_allowed[park, chain].all()
    assert broken(held(case, account(case, Choice(signed, park, quarter)))) == ()
    settings = case.settings
    assert len(settings.rules) == knobs["rules"]
    assert all(rule.soft is not None for rule in settings.rules)
    law = LAWS[str(knobs["law"])]
    wanted = {term: weight for term, weight in law.weights.items() if term != "backup" or knobs["backups"]}
    assert (dict(settings.objective.weights), settings.objective.normalise) == (wanted, law.normalise)
    assert settings.objective.mode == "weighted"


def test_a_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    first, again, other = (_files(family(seed).write(tmp_path / name).parent) for seed, name in ((5, "a"), (5, "b"), (6, "c")))
    assert first == again
    assert first["data/candidates.csv"] != other["data/candidates.csv"]
    assert first["plan.yaml"] != other["plan.yaml"]


def test_a_knob_more_changes_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    before = drawn(3)
    monkeypatch.setattr("benchmarks.families.KNOBS", KNOBS[::-2])
    after = drawn(3)
    assert 0 < len(after) < len(before)
    assert after.items() <= before.items()


def test_every_choice_and_both_ends_of_every_range_are_drawn() -> None:
    every = [drawn(seed) for seed in range(1, 200)]
    seen = {knob.name: {told[knob.name] for told in every} for knob in KNOBS}
    assert seen["law"] == set(LAWS)
    assert seen["quarters"] == seen["resources"] == set(range(1, 13))
    assert seen["rules"] == set(range(6))
    for name, low, high in (("density", 0.05, 0.60), ("candidates", 150, 800), ("locked", 0.0, 0.1), ("firms_per_park", 3, 30)):
        numbers = [float(value) for value in seen[name]]
        assert low <= min(numbers) < low + 0.05 * (high - low)
        assert high - 0.05 * (high - low) < max(numbers) <= high


def test_a_prefecture_has_2000_firms_and_the_other_knobs_of_its_seed() -> None:
    for seed in range(1, 30):
        small, large = family(seed), family(seed, prefecture=True)
        assert large.region.candidates == PREFECTURE
        assert 2 <= large.region.parks <= MOST_PARKS
        assert large.name != small.name
        same = set(drawn(seed)) - {"candidates", "density", "room", "reach"}
        assert {name: large.knobs[name] for name in same} == {name: small.knobs[name] for name in same}


def test_limits_are_raised_to_hold_what_was_promised_and_no_further(tmp_path: Path) -> None:
    """Nearly everybody has signed, where a tenth fits: limits are what the deals ask, to a tenth."""
    tight = Region(40, 2, 3, 2, 2, firms_per_park=2, money=0.1, locked=0.9, quarters=3, phases=True, carry_over=False)
    every = tables(tight, 4)
    firms = every["candidates"]
    deals = firms[firms["status"] == "已签约"]
    assert len(deals) == 36
    for name in ("land", "power"):
        used = deals.groupby("fixed_park")[name].sum()
        have = every["parks"].set_index("park_id")[name]
        assert (have - used).between(-1e-9, 0.1 + 1e-9).all()
    paid = deals.groupby(["fund_id", "fixed_quarter"])["subsidy"].sum()
    funds = every["funds"].set_index(["fund_id", "quarter"])["amount"]
    assert (funds.loc[paid.index] - paid).between(-1e-9, 0.1 + 1e-9).all()
    case = open_plan(Family(4, tight, {}).write(tmp_path)).case
    signed = np.flatnonzero((case.candidates["status"] == "signed").to_numpy(bool))
    places = (case.candidates[name].to_numpy(np.int64)[signed] for name in ("fixed_park", "fixed_quarter"))
    assert broken(held(case, account(case, Choice(signed, *places)))) == ()


def test_sizes_of_earlier_figures_are_still_the_same_to_the_last_byte(tmp_path: Path) -> None:
    """A change of what these write makes the figures in docs/benchmarks.md incomparable: then all are measured anew."""
    digest = sha256()
    for name, content in _files(write_instance(tmp_path, "small", 1).parent).items():
        digest.update(name.encode() + content)
    assert digest.hexdigest() == "8f51dd6df5b86cb995d13811449cc1fab2148259ae16e4edcb04941c571aa11c"


def test_a_size_is_a_point_of_the_generator(tmp_path: Path) -> None:
    region = replace(SIZES["small"], density=0.35)
    by_size = _files(write_instance(tmp_path / "size", "small", 2, 0.35).parent)
    assert by_size == _files(write_region(tmp_path / "region", region, 2, "small 2 35%").parent)
