"""Looks at plans of the relaxation: long where they give something, and seldom where they do not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from planner.solvers.search.looks import LookParameters, Looks

PARAMETERS = LookParameters(share=0.25, grow=2.0, pause=10.0, vain=4.0)
LONGEST = 4.8
"""Seconds of the longest look, in a minute."""


def test_a_look_is_longer_after_one_that_gave_something_and_short_after_one_that_did_not() -> None:
    looks, lengths = Looks(PARAMETERS), []
    for number, gave in enumerate((True, True, True, False, False)):
        lengths.append(looks.length)
        looks.had(number, float(number), number + 0.5, gave)
    assert lengths == [0.25, 0.5, 1.0, 1.0, 0.25]
    assert looks.length == 0.25


def test_no_plan_is_looked_at_twice_and_after_a_pause_only_unless_it_knows_the_places() -> None:
    looks = Looks(PARAMETERS)
    assert not looks.due(0, 1.0, True), "there is none yet"
    assert looks.due(1, 1.0, False)
    looks.had(1, 1.0, 2.0, True)
    assert not looks.due(1, 100.0, True)
    assert [looks.due(2, now, False) for now in (11.9, 12.1)] == [False, True]
    assert looks.due(2, 2.1, True)
    looks.had(2, 3.0, 6.0, False)
    assert [looks.due(3, now, soon) for now, soon in ((17.9, True), (17.9, False), (18.1, True), (18.1, False))] == [
        False,
        False,
        True,
        True,
    ], "four times the three seconds that it took in vain"


@given(st.booleans(), st.floats(0.01, 1.0))
def test_looks_that_give_nothing_take_a_fifth_of_the_time_at_the_most(soon: bool, used: float) -> None:
    """Though there is a newer plan at any time: a prefecture, of which they gave nothing, stood still for a fifth of its minute in them."""
    looks, now, taken, plan = Looks(PARAMETERS), 0.0, 0.0, 0
    while now < 60.0:
        plan += 1
        if looks.due(plan, now, soon):
            seconds = used * looks.length * LONGEST
            looks.had(plan, now, now + seconds, False)
            now, taken = now + seconds, taken + seconds
        now += 0.1
    assert 0.0 < taken <= 0.2 * 60.0 + LONGEST * PARAMETERS.share
