"""Routes of a delegation: days worked out by hand, every tour there is in small cases, hours that are never broken."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.solvers.routing import outings
from planner.solvers.routing.check import faults
from planner.solvers.routing.route import best_route
from planner.solvers.routing.search import good_tour
from planner.solvers.routing.trip import Leg, Lunch, Trip, Visit
from tests.sweep import sweep

MORNING, AFTERNOON = (9 * 60, 11 * 60 + 30), (14 * 60, 17 * 60)
HOURS = (MORNING, AFTERNOON)
LUNCH = Lunch(60, (11 * 60 + 30, 14 * 60))


def visit(priority: int = 1, minutes: int = 60, hours: tuple[tuple[int, int], ...] = HOURS, days: int = 1) -> Visit:
    return Visit(priority, minutes, (hours,) * days, (0,))


def trip(
    visits: list[Visit], travel: list[list[int]], days: int = 1, lunch: Lunch | None = LUNCH, day: tuple[int, int] = (480, 1200)
) -> Trip:
    hotel = len(visits)
    return Trip(tuple(visits), 1, (day,) * days, ((hotel,),) * (days + 1), np.array(travel), lunch)


def clock(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def test_a_day_by_hand() -> None:
    """Two firms 20 minutes from the hotel and 30 from one another: one at 09:00, one at 10:30, which ends as the morning does; back by 11:50,
    and lunch at the hotel."""
    asked = trip([visit(), visit()], [[0, 30, 20], [30, 0, 20], [20, 20, 0]])
    tour = best_route(asked)
    (day,) = tour.days
    assert (tour.priority, tour.travel, tour.proved) == (2, 70, True)
    assert day.begins == (clock("9:00"), clock("10:30"))
    assert day.legs[0] == Leg(clock("8:40"), clock("9:00"), None)
    assert day.legs[2] == Leg(clock("11:30"), clock("11:50"), clock("11:50"))


def test_lunch_delays_the_afternoon() -> None:
    """The second firm is two and a half hours away: with an hour of lunch nobody is there before 15:00; without it at 14:00."""
    asked = trip([visit(minutes=150), visit()], [[0, 150, 10], [150, 0, 10], [10, 10, 0]])
    with_it, without = best_route(asked), best_route(replace(asked, lunch=None))
    assert [day.begins for day in with_it.days] == [(clock("9:00"), clock("15:00"))]
    assert [day.begins for day in without.days] == [(clock("9:00"), clock("14:00"))]


def test_the_important_firm_comes_first_and_the_near_one_second() -> None:
    """One visit fits. Of three, that of the greatest priority is made although it is the farthest; of two alike, the nearer."""
    far, near = 60, 10
    travel = [[0, 90, 90, far], [90, 0, 90, near], [90, 90, 0, far], [far, near, far, 0]]
    one_span = (MORNING,)
    asked = [visit(5, 120, one_span), visit(3, 120, one_span), visit(3, 120, one_span)]
    assert best_route(trip(asked, travel)).visited == {0}
    assert best_route(trip([visit(3, 120, one_span), *asked[1:]], travel)).visited == {1}


def test_a_visit_that_nobody_can_make_is_left_out_and_costs_no_other() -> None:
    """One lasts longer than any of its spans, one is too far to be back in the evening."""
    travel = [[0, 10, 400, 10], [10, 0, 400, 10], [400, 400, 0, 400], [10, 10, 400, 0]]
    tour = best_route(trip([visit(9, 200), visit(1), visit(9)], travel))
    assert tour.visited == {1}
    assert tour.proved


def test_nights_are_where_the_next_day_begins() -> None:
    """Two cities four hours apart, a hotel in each: a day in one, the way in the evening, a day in the other. The trip begins in the first city
    and ends in the second."""
    a, b = 0, 1
    travel = np.array([[0, 240, 10, 240], [240, 0, 240, 10], [10, 240, 0, 240], [240, 10, 240, 0]])
    visits = tuple(Visit(1, 120, (HOURS, HOURS), (0,)) for _ in (a, b))
    tour = best_route(Trip(visits, 1, ((480, 1320), (480, 1320)), ((2,), (2, 3), (3,)), travel, LUNCH))
    assert tour.visited == {0, 1}
    assert tour.travel == 10 + 240 + 10 + 10
    assert [(day.start, day.end) for day in tour.days] in ([(2, 3), (3, 3)], [(2, 2), (2, 3)])


def test_a_group_makes_only_its_own_visits() -> None:
    travel = [[0, 10, 10], [10, 0, 10], [10, 10, 0]]
    asked = trip([visit(), visit()], travel)
    both = replace(asked, groups=2, visits=(asked.visits[0], replace(asked.visits[1], groups=(1,))))
    tour = best_route(both)
    assert {(day.group, day.visits) for day in tour.days} == {(0, (0,)), (1, (1,))}


def every_day(asked: Trip, day: int, start: int, order: tuple[int, ...], end: int) -> bool:
    """Whether a day can be kept, by trying every place of lunch, on a clock of its own."""
    opens, closes = asked.days[day]
    pause = asked.lunch
    needed = bool(order) and pause is not None and max(opens, pause.span[0]) + pause.minutes <= min(closes, pause.span[1])
    for at in range(len(order) + 1) if needed else [None]:
        now, here, good = opens, start, True
        for number, goal in enumerate((*order, end)):
            if number == at:
                begun = max(now, pause.span[0])
                good = good and begun + pause.minutes <= pause.span[1]
                # What is left of the way when lunch begins is gone after it.
                now = begun + pause.minutes + max(0, int(asked.travel[here, goal]) - (begun - now))
            else:
                now += int(asked.travel[here, goal])
            here = goal
            if number < len(order):
                last = asked.visits[goal].minutes
                starts = [max(now, a) for a, b in asked.visits[goal].hours[day] if max(now, a) + last <= b]
                good = good and bool(starts)
                now = min(starts, default=0) + last
        if good and now <= closes:
            return True
    return False


def best_by_hand(asked: Trip) -> tuple[int, int]:
    """Priority and minutes of the best of all tours."""
    slots = [(group, day) for group in range(asked.groups) for day in range(len(asked.days))]
    # Nobody comes back to where they have left.
    nights = [beds for beds in product(*asked.ends) if len({*beds}) == 1 + sum(a != b for a, b in pairwise(beds))]
    shortest: dict[tuple[int, int, int, frozenset[int]], int] = {}
    for day in range(len(asked.days)):
        for start, end in product(asked.ends[day], asked.ends[day + 1]):
            for size in range(len(asked.visits) + 1):
                for order in permutations(range(len(asked.visits)), size):
                    if every_day(asked, day, start, order, end):
                        way = sum(int(asked.travel[a, b]) for a, b in zip((start, *order), (*order, end), strict=True))
                        key = (day, start, end, frozenset(order))
                        shortest[key] = min(way, shortest.get(key, way))
    best = (0, 0)
    for where in product([None, *slots], repeat=len(asked.visits)):
        if any(slot is not None and slot[0] not in one.groups for slot, one in zip(where, asked.visits, strict=True)):
            continue
        total, possible = 0, True
        for group in {slot[0] for slot in where if slot is not None}:
            sets = [frozenset(i for i, slot in enumerate(where) if slot == (group, day)) for day in range(len(asked.days))]
            ways = [
                sum(legs)
                for beds in nights
                if None not in (legs := [shortest.get((d, beds[d], beds[d + 1], one)) for d, one in enumerate(sets)])
            ]
            possible, total = possible and bool(ways), total + min(ways, default=0)
        if possible:
            worth = sum(one.priority for slot, one in zip(where, asked.visits, strict=True) if slot is not None)
            best = max(best, (worth, -total))
    return best[0], -best[1]


def random_trip(seed: int) -> Trip:
    rng = np.random.default_rng(seed)
    n, groups, days, hotels = int(rng.integers(1, 5)), int(rng.integers(1, 3)), int(rng.integers(1, 3)), int(rng.integers(1, 3))
    points = rng.integers(0, 60, (n + hotels + 1, 2))
    travel = np.abs(points[:, None] - points[None]).sum(axis=2) * int(rng.integers(1, 4)) + 5
    np.fill_diagonal(travel, 0)
    spans = [HOURS, (MORNING,), (AFTERNOON,), ((600, 900),), ()]
    visits = tuple(
        Visit(
            int(rng.integers(1, 6)),
            int(rng.choice([40, 60, 90, 150])),
            tuple(spans[int(rng.integers(len(spans)))] for _ in range(days)),
            tuple(sorted(rng.choice(groups, int(rng.integers(1, groups + 1)), replace=False).tolist())),
        )
        for _ in range(n)
    )
    beds = tuple(range(n, n + hotels))
    first = (n + hotels,) if rng.random() < 0.4 else beds
    hours = tuple((int(rng.choice([480, 540, 750])), int(rng.choice([900, 1080, 1200]))) for _ in range(days))
    lunch = LUNCH if rng.random() < 0.7 else None
    return Trip(visits, groups, hours, (first, *((beds,) * days)), travel, lunch)


@pytest.mark.parametrize("seed", sweep(range(200), 25))
def test_no_tour_is_better(seed: int) -> None:
    asked = random_trip(seed)
    tour = best_route(asked)
    assert (tour.priority, tour.travel) == best_by_hand(asked)
    assert tour.proved
    assert tour.most == tour.priority
    assert best_route(asked) == tour


@pytest.mark.parametrize("seed", sweep(range(12), 0))
def test_the_best_of_nine_visits_in_three_days_by_another_way(seed: int) -> None:
    """Every set that fits into a day in every order, then every way to share nine visits out among three days that are alike."""
    rng = np.random.default_rng(seed)
    points = rng.integers(0, 25, (10, 2))
    travel = np.abs(points[:, None] - points[None]).sum(axis=2) + 5 * (seed % 3 + 1)
    np.fill_diagonal(travel, 0)
    # Few different priorities, so that many tours are nearly as good.
    asked = trip([visit(int(rng.integers(1, 4)), int(rng.choice([60, 75])), days=3) for _ in range(9)], travel.tolist(), days=3)
    shortest: dict[int, int] = {0: 0}
    for size in range(1, 6):
        for order in permutations(range(9), size):
            if every_day(asked, 0, 9, order, 9):
                way = sum(int(travel[a, b]) for a, b in pairwise((9, *order, 9)))
                mask = sum(1 << one for one in order)
                shortest[mask] = min(way, shortest.get(mask, way))
    best: dict[int, int] = {0: 0}
    for _ in range(3):
        longer = dict(best)
        for made, way in best.items():
            for mask, more in shortest.items():
                if not made & mask:
                    longer[made | mask] = min(way + more, longer.get(made | mask, way + more))
        best = longer
    worth = {made: sum(asked.visits[one].priority for one in range(9) if made >> one & 1) for made in best}
    tour = best_route(asked)
    assert (tour.priority, -tour.travel) == max((worth[made], -way) for made, way in best.items())
    assert tour.proved


@pytest.mark.parametrize("seed", sweep(range(100, 160), 8))
def test_routing_keeps_the_hours_and_is_no_better_than_the_best(seed: int) -> None:
    asked = random_trip(seed)
    rough = good_tour(asked)
    assert rough is not None
    assert faults(asked, rough) == ()
    assert not rough.proved
    assert rough.priority <= best_route(asked).priority


def test_too_many_short_visits_are_routed_and_nothing_is_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outings, "MOST", 50)
    rng = np.random.default_rng(7)
    points = rng.integers(0, 20, (13, 2))
    travel = np.abs(points[:, None] - points[None]).sum(axis=2) + 5
    np.fill_diagonal(travel, 0)
    asked = trip([visit(int(rng.integers(1, 9)), 30) for _ in range(12)], travel.tolist())
    tour = best_route(asked)
    assert not tour.proved
    assert 4 <= len(tour.visited) < 12
    assert tour.most == sum(one.priority for one in asked.visits)


@given(st.integers(0, 10_000), st.integers(-40, 40).filter(bool))
@settings(max_examples=40, deadline=None)
def test_the_check_sees_a_visit_moved_out_of_its_hours(seed: int, shift: int) -> None:
    """It is told from the tour alone: an hour changed by hand no longer fits what is before, behind or open."""
    asked = random_trip(seed)
    tour = best_route(asked)
    assert faults(asked, tour) == ()
    for number, day in enumerate(tour.days):
        if day.visits:
            begins = (day.begins[0] + shift * 60, *day.begins[1:])
            moved = replace(tour, days=(*tour.days[:number], replace(day, begins=begins), *tour.days[number + 1 :]))
            assert faults(asked, moved)


def test_the_check_sees_what_is_made_twice_left_uncounted_or_unlunched() -> None:
    asked = trip([visit(), visit()], [[0, 30, 20], [30, 0, 20], [20, 20, 0]], days=2)
    asked = replace(asked, visits=tuple(replace(one, hours=(HOURS, HOURS)) for one in asked.visits))
    tour = best_route(asked)
    (day,) = tour.days
    hungry = replace(day, legs=(*day.legs[:2], replace(day.legs[2], lunch=None)))
    for wrong in (
        replace(tour, days=(day, replace(day, day=1))),
        replace(tour, priority=1),
        replace(tour, travel=69),
        replace(tour, days=(hungry,)),
        replace(tour, days=(replace(day, start=0),)),
        replace(tour, days=(replace(day, group=1),)),
    ):
        assert faults(asked, wrong)
