"""Who has the turn: parts of the plan while they add much, bounds while those fall, whoever pays; and nobody is left out for good."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.solvers.search.turns import PARTS, Earnings, Standing, Turn, TurnParameters, turn_of

ORDER = TurnParameters(stale=6.0, seldom=8, explore=5, little=1e-6, much=1e-4, besides=3, plenty=1e-3)
QUIET = Standing(
    number=1,
    threads=2,
    value=1.0,
    payer="",
    pays=0.0,
    adds=0.0,
    spent=10.0,
    idle=0.0,
    wanted=1,
    hoped=0.001,
    closes=False,
    behind="",
    last="",
    whole_first=False,
    leaders=(),
    waiting=False,
)
"""Parts have given something just now, and one solver of one thread is in line."""
PAYING = replace(QUIET, payer="highs", pays=0.01)
"""HiGHS adds more than parts do, and more than bounds fall."""
STALE = replace(QUIET, spent=40.0, idle=30.0)
"""Parts have given something in a quarter of their time only: they have every fourth turn."""
NEW = replace(QUIET, number=2, hoped=math.inf)
"""Somebody is still to have a first turn."""
LEADERS = ("highs", "second highs")


def turns(standing: Standing, numbers: range) -> list[Turn]:
    return [turn_of(replace(standing, number=number), ORDER) for number in numbers]


def parts(standing: Standing, many: int = 16) -> list[int]:
    """The turns in which parts of the plan are improved."""
    return [number for number, turn in enumerate(turns(standing, range(1, many + 1)), start=1) if turn.parts]


@pytest.mark.parametrize(
    ("standing", "turn"),
    [
        pytest.param(QUIET, Turn(True, 1), id="parts that still give something have one thread, bounds the other"),
        pytest.param(replace(QUIET, threads=1), Turn(False, 1), id="one thread: every other turn is for bounds"),
        pytest.param(replace(QUIET, threads=1, number=2), Turn(True, 0), id="and every other for parts"),
        pytest.param(replace(QUIET, threads=8), Turn(True, 2), id="a third of many threads is for bounds"),
        pytest.param(replace(QUIET, wanted=0), Turn(True, 1), id="nobody in line"),
        pytest.param(replace(STALE, wanted=0), Turn(True, 1), id="nobody in line, though parts give nothing"),
        pytest.param(
            STALE, Turn(False, 2, anybody=True), id="parts that give nothing wait, and leave their thread to whoever is next"
        ),
        pytest.param(
            replace(STALE, idle=19.0, payer="highs", pays=0.01),
            Turn(False, 2, ("highs",)),
            id="who pays has one, and nobody beside it while parts have lately given",
        ),
        pytest.param(
            replace(STALE, number=5, last="cbc", behind="scip"),
            Turn(False, 2, ("scip",), True),
            id="beside whoever is looked at, too",
        ),
        pytest.param(replace(STALE, value=None), Turn(True, 1), id="without a plan there is nothing to wait for"),
        pytest.param(PAYING, Turn(False, 2, ("highs",)), id="who pays more than parts is first"),
        pytest.param(replace(PAYING, hoped=0.02), Turn(False, 2), id="but not where bounds fall by more"),
        pytest.param(replace(PAYING, hoped=math.inf), Turn(False, 2, ("highs",)), id="nobody knows yet by how much they fall"),
        pytest.param(
            replace(PAYING, hoped=math.inf, whole_first=True, waiting=True, number=2),
            Turn(False, 2),
            id="so every other turn is for those who are to show it",
        ),
        pytest.param(replace(QUIET, wanted=2), Turn(False, 2), id="one who wants all threads has every other turn"),
        pytest.param(replace(QUIET, wanted=2, adds=2e-4), Turn(True, 1), id="but not while parts add much"),
        pytest.param(replace(QUIET, number=2, adds=2e-3), Turn(True, 0), id="more than bounds are hoped to fall: all threads"),
        pytest.param(replace(QUIET, number=4, adds=2e-3), Turn(True, 1), id="but for every third turn"),
        pytest.param(replace(NEW, adds=9e-4), Turn(True, 1), id="who is new has one of two threads from the beginning"),
        pytest.param(replace(NEW, adds=2e-3), Turn(True, 0), id="unless parts add plenty: all threads"),
        pytest.param(replace(NEW, number=4, adds=2e-3), Turn(True, 1), id="who is new has every third turn then, too"),
        pytest.param(replace(NEW, adds=2e-3, whole_first=True), Turn(True, 1), id="and a thread of a small model in any case"),
        pytest.param(replace(NEW, adds=2e-3, value=10.0), Turn(True, 1), id="plenty is a share of the value"),
        pytest.param(
            replace(QUIET, number=5, behind="scip"), Turn(False, 2, ("scip",)), id="every fifth turn: who had the least time"
        ),
        pytest.param(
            replace(QUIET, number=10, behind="scip", last="cbc"),
            Turn(False, 2, ("cbc",)),
            id="half of these: whatever it is hoped to do",
        ),
        pytest.param(replace(QUIET, number=5, last="cbc"), Turn(True, 1), id="none of these may come to what is known"),
        pytest.param(replace(QUIET, number=5, behind="scip", closes=True), Turn(True, 1), id="unless a proof is near"),
        pytest.param(
            replace(STALE, threads=3, leaders=LEADERS),
            Turn(True, 2, LEADERS),
            id="who lead keep a thread each, parts have the others",
        ),
        pytest.param(replace(STALE, leaders=LEADERS), Turn(False, 2, LEADERS), id="where there are two of them, every other turn"),
        pytest.param(replace(QUIET, number=2, leaders=LEADERS), Turn(True, 1, LEADERS), id="and parts have the second thread then"),
        pytest.param(
            replace(QUIET, threads=1, number=3, leaders=LEADERS),
            Turn(False, 1, LEADERS),
            id="the first of them the only one there is",
        ),
        pytest.param(
            replace(QUIET, threads=1, number=2, leaders=LEADERS),
            Turn(True, 0, LEADERS),
            id="for it ends soon with a plan that parts find",
        ),
        pytest.param(replace(QUIET, whole_first=True, waiting=True), Turn(False, 2), id="solvers of a small model begin"),
        pytest.param(replace(QUIET, whole_first=True, closes=True), Turn(False, 2), id="and have every other turn near a proof"),
    ],
)
def test_the_turn_goes_where_it_pays(standing: Standing, turn: Turn) -> None:
    assert turn_of(standing, ORDER) == turn


def test_the_longer_parts_give_nothing_the_more_seldom_they_have_their_turn() -> None:
    assert parts(replace(QUIET, idle=6.0)) == list(range(1, 17))
    assert parts(STALE) == [4, 8, 12, 16]
    assert parts(replace(STALE, wanted=2)) == [8, 16]
    assert parts(replace(STALE, spent=300.0, idle=300.0)) == [8, 16], "never less often than that"


@given(
    st.builds(
        Standing,
        number=st.just(1),
        threads=st.integers(1, 64),
        value=st.floats(-10, 10) | st.none(),
        payer=st.sampled_from(["", "highs"]),
        pays=st.floats(0, 1),
        adds=st.floats(0, 1),
        spent=st.floats(0, 100),
        idle=st.floats(0, 100),
        wanted=st.integers(0, 64),
        hoped=st.floats(0, 1) | st.just(float("inf")),
        closes=st.booleans(),
        behind=st.sampled_from(["", "scip"]),
        last=st.sampled_from(["", "cbc"]),
        whole_first=st.booleans(),
        leaders=st.just(""),
        waiting=st.just(False),
    )
)
def test_whatever_was_seen_nobody_waits_for_ever(standing: Standing) -> None:
    given = turns(standing, range(1, 241))
    assert any(turn.parts for turn in given)
    if standing.threads > 1 and standing.wanted:
        assert any(turn.proving for turn in given)
    assert all(turn.parts or turn.proving == standing.threads for turn in given), "no thread is left without work"


def test_a_payer_has_lately_added_more_in_its_seconds_than_parts_in_theirs() -> None:
    earnings = Earnings(replace(ORDER, memory=0.5), unit=1.0, given={"highs": 5.0})
    names = [PARTS, "highs", "cbc"]
    earnings.count({PARTS: 0.0, "highs": 0.0}, {"highs": 5.0})
    assert earnings.payer(names, 1.0) == "", "what was added before the search is nobody's pay"

    earnings.count({PARTS: 10.0, "highs": 2.0}, {PARTS: 1.0, "highs": 6.0})
    assert earnings.rate(PARTS) == pytest.approx(0.1)
    assert earnings.rate("highs") == pytest.approx(0.5)
    assert earnings.payer(names, 1.0) == "highs"
    assert earnings.payer([PARTS, "cbc"], 1.0) == "", "who has ended has no turn"

    earnings.count({PARTS: 10.0, "highs": 4.0}, {PARTS: 1.0, "highs": 6.0})
    assert earnings.rate("highs") == pytest.approx(0.25 / 2.5), "after two turns a quarter of it is left, in two seconds and a half"
    assert earnings.rate(PARTS) == pytest.approx(0.1), "who had no time is as before"
    assert earnings.payer(names, 1e6) == "", "a little of a large value is nothing"


def test_what_was_added_in_a_moment_makes_nobody_a_payer_for_long() -> None:
    """A plan that arrives in a hundredth of a second of one's turn is worth what it adds in a turn, and not a hundred times as much: a tree
    kept parts of the plan from their turns for a third of a search by that."""
    earnings = Earnings(replace(ORDER, memory=0.5), unit=1.0)
    earnings.count({PARTS: 10.0, "highs": 10.0}, {PARTS: 1e-3, "highs": 0.0})
    earnings.count({PARTS: 10.0, "highs": 10.01}, {PARTS: 1e-3, "highs": 5e-4})
    assert earnings.rate("highs") == pytest.approx(5e-4 / 10.0, rel=0.02)
    assert earnings.payer([PARTS, "highs"], 1.0) == ""
    earnings.count({"cbc": 0.01}, {"cbc": 5e-4})
    assert earnings.rate("cbc") == pytest.approx(5e-4), "nor of one that has had no time before"


@given(st.lists(st.tuples(st.floats(0.01, 5.0), st.floats(0.0, 1.0)), min_size=1, max_size=8), st.integers(2, 6))
def test_a_rate_lies_between_the_least_and_the_greatest_however_often_it_is_counted(
    turns_of: list[tuple[float, float]], pieces: int
) -> None:
    whole, piecewise = (Earnings(ORDER, unit=1.0) for _ in range(2))
    seconds, gained = 0.0, 0.0
    for passed, rate in turns_of:
        for piece in range(1, pieces + 1):
            at = seconds + passed * piece / pieces
            piecewise.count({PARTS: at}, {PARTS: gained + rate * passed * piece / pieces})
        seconds, gained = seconds + passed, gained + rate * passed
        whole.count({PARTS: seconds}, {PARTS: gained})
    rates = [rate for _, rate in turns_of]
    for each in (whole, piecewise):
        assert each.rate(PARTS) <= max(rates) + 1e-9
        assert seconds < 2.0 or each.rate(PARTS) >= min(rates) - 1e-9, "of less time a moment is not taken for a turn"
