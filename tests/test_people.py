"""Who answers for what: owners of projects against every way there is, posts of chains, gaps with their causes, faults in the table."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

from planner import api
from planner.cli import app
from planner.plan.stored import read_run
from planner.problems import InputError, Problem
from planner.tracking.people.record import FITS, Responsibility
from tests.city import PLAN, TABLES, Rows, write_city
from tests.quick import finished
from tests.sweep import sweep

# The plan of the tiny city selects A and B (SEAT, in P1 of 东县) and D (FOAM, in P2 of 西县); they have one chain, CAR.


def row(person: str, role: str = "专班负责人", **cells: Any) -> dict[str, Any]:
    """A row of the table ``people``."""
    return {"person": person, "role": role, "chain_id": "", "scope": "", "level": "", "capacity": "", "expertise": "", **cells}


def asked(folder: Path, *rows: dict[str, Any], plan: str = PLAN, tables: Any = TABLES) -> Responsibility:
    """The responsibility of the tiny city's plan."""
    run = finished(folder, tables=tables, plan=plan)
    path = write_city(folder, plan, {**tables, "people": list(rows)})
    return api.people(api.open_plan(path), run)


def owners(found: Responsibility) -> dict[str, str | None]:
    return {one.candidate_id: one.owner for one in found.projects}


def faults(folder: Path, *rows: dict[str, Any], plan: str = PLAN, tables: Any = TABLES) -> tuple[Problem, ...]:
    """What is wrong with these rows."""
    try:
        return api.open_plan(write_city(folder, plan, {**tables, "people": list(rows)})).warnings
    except InputError as error:
        return error.problems


def test_every_project_has_the_owner_whom_it_fits_and_loads_are_even(tmp_path: Path) -> None:
    """Seats are the first one's expertise, both of them; the third project is nobody's, and goes to whom has none."""
    found = asked(tmp_path, row("甲组", capacity=3, expertise="座椅"), row("乙组", capacity=3))
    assert owners(found) == {"A": "甲组", "B": "甲组", "D": "乙组"}
    assert [one.fit for one in found.projects] == ["project", "project", "any"]
    assert [(one.person, one.load) for one in found.loads] == [("乙组", 1), ("甲组", 2)]
    assert found.gaps == ()


def test_capacities_are_kept_and_what_is_over_is_a_gap_with_its_cause(tmp_path: Path) -> None:
    found = asked(tmp_path, row("甲组", capacity=1), row("乙组", capacity=1))
    assert sorted(one.load for one in found.loads) == [1, 1]
    (gap,) = found.gaps
    assert (gap.cause, gap.full) == ("full", ("乙组", "甲组"))


@pytest.mark.parametrize(
    ("cells", "cause"), [({"capacity": ""}, "nobody"), ({"capacity": 0}, "nobody"), ({"capacity": 5, "scope": "西县"}, "place")]
)
def test_why_a_project_has_no_owner(tmp_path: Path, cells: dict[str, Any], cause: str) -> None:
    found = asked(tmp_path, row("甲组", **cells))
    assert {gap.candidate_id: gap.cause for gap in found.gaps}["A"] == cause


def test_a_chain_that_no_owner_serves(tmp_path: Path) -> None:
    tables = {**TABLES, "chains": [{"chain_id": "CAR", "name": "汽车"}, {"chain_id": "IC", "name": "芯片"}]}
    found = asked(tmp_path, row("芯片组", chain_id="IC", capacity=5), row("某长", role="链长", chain_id="CAR"), tables=tables)
    assert {gap.cause for gap in found.gaps} == {"chain"}
    assert len(found.gaps) == 3
    vacant = {(one.chain_id, one.role) for one in found.vacant}
    assert vacant == {("CAR", "专班负责人"), ("IC", "链长")}


def test_an_owner_whom_the_tables_name_is_kept_within_the_rules(tmp_path: Path) -> None:
    """B was of 乙组 and stays there though it fits 甲组 better; D was of 丙组, who serves only 东县."""
    tables = {
        **TABLES,
        "candidates": [{**one, "owner": {"B": "乙组", "D": "丙组"}.get(one["candidate_id"], "")} for one in TABLES["candidates"]],
    }
    people = (row("甲组", capacity=3, expertise="SEAT"), row("乙组", capacity=3), row("丙组", capacity=3, scope="东县"))
    found = asked(tmp_path, *people, tables=tables)
    of = {one.candidate_id: one for one in found.projects}
    assert (of["B"].owner, of["B"].not_kept) == ("乙组", None)
    assert (of["D"].had, of["D"].not_kept) == ("丙组", "place")
    assert of["D"].owner in {"甲组", "乙组"}


def test_the_newest_owner_of_the_status_table_goes_before_that_of_the_candidates(tmp_path: Path) -> None:
    events = [{"candidate_id": "A", "date": "2027-01-05", "stage": "在谈", "owner": "乙组"}]
    tables = {**TABLES, "candidates": [{**one, "owner": "甲组"} for one in TABLES["candidates"]]}
    run = finished(tmp_path)
    path = write_city(tmp_path, PLAN, {**tables, "status": events, "people": [row("甲组", capacity=3), row("乙组", capacity=3)]})
    found = api.people(api.open_plan(path, on="2027-02-01"), run)
    assert owners(found) == {"A": "乙组", "B": "甲组", "D": "甲组"}


def test_owners_of_an_earlier_answer_stay(tmp_path: Path) -> None:
    """Both fit alike: without the earlier answer, A is with whom the names' order gives it to; with it, with whom it was."""
    teams = (row("甲组", capacity=3), row("乙组", capacity=3))
    first = asked(tmp_path / "a", *teams)
    other = {"甲组": "乙组", "乙组": "甲组"}
    turned = first.model_copy(
        update={"projects": tuple(one.model_copy(update={"owner": other[one.owner or ""]}) for one in first.projects)}
    )
    (kept,) = (tmp_path / "people.json",)
    kept.write_text(turned.model_dump_json(), encoding="utf-8")
    again = api.people(api.open_plan(tmp_path / "a" / "plan.yaml"), tmp_path / "a" / "run", kept)
    assert owners(again) == {one.candidate_id: one.owner for one in turned.projects}
    kept.write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match="L110"):
        api.people(api.open_plan(tmp_path / "a" / "plan.yaml"), tmp_path / "a" / "run", kept)


def test_chiefs_stand_above_a_project_from_the_county_up(tmp_path: Path) -> None:
    people = (
        row("总长", role="总链长", level="市"),
        row("副总长", role="副总链长", level="市"),
        row("链长", role="链长", level="市", chain_id="CAR"),
        row("副链长", role="副链长", level="市", chain_id="CAR"),
        row("东县链长", role="链长", level="区县", scope="东县"),
        row("西县链长", role="链长", level="区县", scope="西县"),
        row("盟长", role="盟长", chain_id="CAR"),
        row("专班", capacity=9),
    )
    found = asked(tmp_path, *people)
    above = {one.candidate_id: [post.person for post in one.upward] for one in found.projects}
    assert above["A"] == ["东县链长", "副链长", "链长", "副总长", "总长"]
    assert above["D"] == ["西县链长", "副链长", "链长", "副总长", "总长"]
    other = asked(tmp_path, *people, plan=PLAN + "people: {chiefs: [盟长]}\n")
    assert [post.person for post in other.projects[0].upward] == ["盟长"]
    held = [(one.role, one.level, [post.person for post in one.posts]) for one in found.chains]
    assert held[:4] == [
        ("总链长", "市", ["总长"]),
        ("副总链长", "市", ["副总长"]),
        ("链长", "市", ["链长"]),
        ("链长", "区县", ["东县链长", "西县链长"]),
    ]


def test_the_table_of_chains_stands_in_for_a_role_that_nobody_has(tmp_path: Path) -> None:
    tables = {**TABLES, "chains": [{"chain_id": "CAR", "name": "汽车", "chief": "某市长", "lead_office": "某局"}]}
    found = asked(tmp_path, row("专班", capacity=9), row("别人", role="牵头部门", chain_id="CAR"), tables=tables)
    held = {one.role: [post.person for post in one.posts] for one in found.chains}
    assert held == {"链长": ["某市长"], "牵头部门": ["别人"], "专班负责人": ["专班"]}


def test_roles_that_are_needed_are_vacant_where_nobody_has_them(tmp_path: Path) -> None:
    found = asked(tmp_path, row("专班", capacity=9), plan=PLAN + "people: {needed: [盟长, 校长, 专班负责人]}\n")
    assert [one.role for one in found.vacant] == ["盟长", "校长"]


def test_roles_that_may_own(tmp_path: Path) -> None:
    people = (row("甲", role="链长", capacity=9), row("乙", capacity=9))
    found = asked(tmp_path, *people, plan=PLAN + "people: {owners: [专班负责人]}\n")
    assert set(owners(found).values()) == {"乙"}
    assert [post.person for post in found.projects[0].upward] == ["甲"]


WORDS = {"座椅": {"A": 0, "B": 0}, "D": {"D": 0}, "丁公": {"D": 1}, "CAR": {"A": 2, "B": 2, "D": 2}, "": {}}
"""Expertise, and its place among the fits for each project."""
PLACES = {"": "ABD", "东县": "AB", "P2": "D", "北区": "ABD"}


@pytest.mark.parametrize("seed", sweep(range(40), first=3))
def test_no_assignment_is_better(tmp_path: Path, seed: int) -> None:
    """Against every way to share three projects out among three, judged from the rows by what the documents say of them."""
    chance = Random(seed)
    people = [
        (chance.choice(sorted(WORDS)), chance.choice(sorted(PLACES)), chance.randint(0, 3), chance.choice(["", "CAR"]))
        for _ in range(chance.randint(1, 3))
    ]
    had = [chance.randint(-1, 2) for _ in "ABD"]
    folder = tmp_path
    names = [f"组{n}" for n in range(len(people))]
    rows = [
        row(name, expertise=words, scope=place, capacity=most, chain_id=chain)
        for name, (words, place, most, chain) in zip(names, people, strict=True)
    ]
    before = {project: names[n] for project, n in zip("ABD", had, strict=True) if 0 <= n < len(names)}
    tables = {**TABLES, "candidates": [{**one, "owner": before.get(one["candidate_id"], "")} for one in TABLES["candidates"]]}
    run = finished(folder)
    found = api.people(api.open_plan(write_city(folder, PLAN, {**tables, "people": rows})), run)

    def fit(project: str, n: int) -> int:
        words, _, _, chain = people[n]
        return min(WORDS[words].get(project, 4), 3 if chain else 4)

    def worth(way: tuple[int | None, ...]) -> tuple[int, ...]:
        pairs = [(project, n) for project, n in zip("ABD", way, strict=True) if n is not None]
        kept = sum(
            names[n] != before[project] for project, n in pairs if project in before and can(project, names.index(before[project]))
        )
        loads = [way.count(n) for n in range(len(names))]
        return (way.count(None), kept, sum(fit(*pair) for pair in pairs), sum(load * load for load in loads))

    def can(project: str, n: int) -> bool:
        return project in PLACES[people[n][1]] and people[n][2] > 0

    ways = [
        way
        for way in product([None, *range(len(names))], repeat=3)
        if all(n is None or can(project, n) for project, n in zip("ABD", way, strict=True))
        and all(way.count(n) <= people[n][2] for n in range(len(names)))
    ]
    given_owners = tuple(None if one.owner is None else names.index(one.owner) for one in found.projects)
    assert given_owners in ways
    assert worth(given_owners) == min(map(worth, ways))
    assert [None if one.fit is None else FITS.index(one.fit) for one in found.projects] == [
        None if n is None else fit(project, n) for project, n in zip("ABD", given_owners, strict=True)
    ]


PEOPLE_FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "no person": ({"person": ""}, "T151 A{n}"),
    "no role": ({"role": ""}, "T151 B{n}"),
    "unknown chain": ({"chain_id": "CAT"}, "C202 C{n}"),
    "unknown place": ({"scope": "东线"}, "L101 D{n}"),
    "text in number": ({"capacity": "三个"}, "T132 F{n}"),
    "negative": ({"capacity": "-1"}, "T138 F{n}"),
    "half a project": ({"capacity": "1.5"}, "T137 F{n}"),
    "error of a formula": ({"person": "#REF!"}, "T140 A{n}"),
    "as above": ({"chain_id": "同上"}, "T224 C{n}"),
    "two capacities": ({"person": "甲组", "role": "专家", "capacity": "9"}, "L103 F{n}"),
    "twice": ({"person": "甲组"}, "T152 A{n}"),
    "a date": ({"capacity": "2027-01-05"}, "T132 F{n}"),
}


def test_all_faults_of_the_table_are_told_at_once_at_their_cells(tmp_path: Path) -> None:
    rows = [row("甲组", capacity=3)]
    rows += [{**row(f"组{n}"), **cells} for n, (cells, _) in enumerate(PEOPLE_FAULTS.values())]
    wanted = {place.format(n=n) for n, (_, place) in enumerate(PEOPLE_FAULTS.values(), start=3)}
    found = faults(tmp_path, *rows)
    assert {f"{one.code} {one.place.cell}" for one in found if one.place} >= wanted
    assert {one.code for one in found if one.severity == "error"} == {place.split()[0] for place in wanted}


def test_a_scope_that_may_mean_two_places_is_refused(tmp_path: Path) -> None:
    parks = [{**one, "zone": {"P1": "西县", "P2": "北区"}[one["park_id"]]} for one in TABLES["parks"]]
    (found,) = faults(tmp_path, row("甲", scope="西县", capacity=1), tables={**TABLES, "parks": parks})
    assert (found.code, found.place.cell if found.place else "") == ("L102", "D2")


def test_words_and_owners_that_do_nothing_are_told(tmp_path: Path) -> None:
    tables = {**TABLES, "candidates": [{**TABLES["candidates"][0], "owner": "甲祖"}, *TABLES["candidates"][1:]]}
    found = faults(tmp_path, row("甲组", capacity=1, expertise="座倚;座椅"), tables=tables)
    assert {(one.code, one.found, one.severity) for one in found} == {("L106", "甲祖", "warning"), ("L107", "座倚", "warning")}


def test_an_owning_role_needs_a_capacity_and_somebody_who_has_it(tmp_path: Path) -> None:
    found = faults(tmp_path, row("甲组"), plan=PLAN + "people: {owners: [专班负责人, 专班长]}\n")
    assert sorted(one.code for one in found) == ["L104", "L105"]


def test_the_order_of_rows_changes_nothing(tmp_path: Path) -> None:
    people = [row("甲组", capacity=2), row("乙组", capacity=2, expertise="泡棉"), row("丙组", capacity=1)]
    assert owners(asked(tmp_path / "a", *people)) == owners(asked(tmp_path / "b", *people[::-1]))


def test_people_may_change_and_the_run_stays_what_it_is(tmp_path: Path) -> None:
    run = finished(tmp_path, tables={**TABLES, "people": [row("甲组", capacity=3)]})
    (tmp_path / "data" / "people.csv").write_text("person,role\n乙组,链长\n", encoding="utf-8")
    assert api.open_run(run).plan.selected
    assert "people" not in {one.table for one in api.read_plan(run / "plan.json").inputs}


def test_the_command_writes_workbook_and_record(tmp_path: Path) -> None:
    run = finished(tmp_path)
    path = write_city(tmp_path, PLAN, {**TABLES, "people": [row("甲组", capacity=2), row("链长甲", role="链长", chain_id="CAR")]})
    told = CliRunner().invoke(app, ["people", str(path), "--from", str(run), "--out", str(tmp_path / "out")])
    assert told.exit_code == 0, told.output
    assert "2 个有责任人，1 个没有" in told.output
    record = json.loads((tmp_path / "out" / "people.json").read_text(encoding="utf-8"))
    assert len(record["gaps"]) == 1
    book = openpyxl.load_workbook(tmp_path / "out" / "people.xlsx")
    assert book.sheetnames == ["产业链责任", "项目责任", "负荷", "缺口"]
    cells = [cell.value for line in book["项目责任"].iter_rows() for cell in line]
    assert cells.count("甲组") == 2
    assert cells.count("空缺") == 1


def test_the_command_says_that_no_plan_is_approved(tmp_path: Path) -> None:
    path = write_city(tmp_path, PLAN, {**TABLES, "people": [row("甲组", capacity=2)]})
    told = CliRunner().invoke(app, ["people", str(path)])
    assert told.exit_code == 2
    assert "V110" in told.output


def test_in_english(tmp_path: Path) -> None:
    plan: str = PLAN.replace("language: zh", "language: en")
    run = finished(tmp_path, plan)
    people: Rows = [row("Team 1", role="team leader", capacity=1), row("X", role="chief", chain_id="CAR")]
    path = write_city(tmp_path, plan, {**TABLES, "people": people})
    told = CliRunner().invoke(app, ["people", str(path), "--from", str(run), "--out", str(tmp_path / "out")])
    assert "1 with an owner, 2 without" in told.output
    assert "all who may own it are full" in told.output
    assert openpyxl.load_workbook(tmp_path / "out" / "people.xlsx").sheetnames == ["Chains", "Projects", "Loads", "Gaps"]


def test_a_plan_of_other_projects_is_refused_by_whatever_speaks_of_a_plan(tmp_path: Path) -> None:
    run = finished(tmp_path / "other")
    tables = {name: [dict(row) for row in rows] for name, rows in TABLES.items() if name != "site_options"}
    for one in tables["candidates"]:
        one["candidate_id"] = f"X{one['candidate_id']}"
    tables["status"] = [{"candidate_id": "XC", "date": "2027-01-05", "stage": "在谈"}]
    formulas = "appraisal: {name: 半年, per: plan, formulas: [{name: 签约, item: {count: signed}, target: 1, weight: 10}]}\n"
    opened = api.open_plan(write_city(tmp_path / "own", PLAN + formulas, tables), on="2027-02-01")
    asks: tuple[Callable[[], Any], ...] = (
        lambda: api.people(opened, run),
        lambda: api.calendar(opened, run=run),
        lambda: api.appraise(opened, read_run(run)),
    )
    for ask in asks:
        with pytest.raises(InputError) as refused:
            ask()
        assert [one.code for one in refused.value.problems] == ["B106"]
