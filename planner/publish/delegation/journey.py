"""What a delegation is asked for, with everything that its tour needs: firms, teams, places and ways."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import count

from planner.language import Words
from planner.plan.firm_records import Selected
from planner.problems import did_you_mean, nearest
from planner.publish.delegation.ask import Asked
from planner.publish.delegation.codes import refusal
from planner.publish.delegation.firms import Wanted
from planner.publish.delegation.places import Legs, Point, middle, point_of
from planner.publish.delegation.record import LeftOut, Why
from planner.publish.delegation.words import BASE
from planner.publish.desk import Desk
from planner.publish.stated import Stated, stated_rows
from planner.settings.following import Delegation as Settings
from planner.settings.following import hours_of, minutes_of
from planner.solvers.routing.trip import Lunch, Trip, Visit

MOST_BASES = 3
"""Cities in which nights may be spent; firms of others are visited from there."""


@dataclass(frozen=True)
class Journey:
    """What is asked, with everything that the tour needs."""

    desk: Desk
    asked: Asked
    firms: tuple[Wanted, ...]
    """Those that have a place and a group, the more important first."""
    groups: tuple[tuple[int, ...], ...]
    """For each firm the teams that may visit it, by their number."""
    bases: tuple[Point, ...]
    near: tuple[str, ...]
    """For each base the firm in the middle of all, by which it is where nobody has named it; blank: it was named."""
    ends: tuple[Point | None, Point | None]
    """Where the journey begins and ends, where that is not where nights are spent."""
    rows: Mapping[str, Stated]
    """Candidate id → its row of the table."""

    @property
    def settings(self) -> Settings:
        return self.desk.opened.case.settings.delegation

    @cached_property
    def legs(self) -> Legs:
        """The ways between firms, bases and ends, in this order."""
        places = [firm.point for firm in self.firms]
        return Legs([point for point in (*places, *self.bases, *self.ends) if point is not None], self.desk)

    def trip(self, dates: Sequence[dt.date], hours: Sequence[str], minutes: int, day: tuple[int, int]) -> Trip:
        """The question for some days, usual hours, length of a visit, and day."""
        opens, closes = day
        spans = [[opens, closes] for _ in dates]
        spans[0][0] = max(opens, self.asked.start.minute or 0)
        spans[-1][1] = min(closes, 24 * 60 if self.asked.end.minute is None else self.asked.end.minute)
        nights = tuple(range(len(self.firms), len(self.firms) + len(self.bases)))
        after = count(nights[-1] + 1)
        first, last = ((next(after),) if end is not None else nights for end in self.ends)
        visits = tuple(
            Visit(firm.priority, minutes, tuple(self._hours(firm, hours, date) for date in dates), groups)
            for firm, groups in zip(self.firms, self.groups, strict=True)
        )
        pause = self.settings.lunch
        return Trip(
            visits,
            max(1, len(self.asked.teams)),
            tuple((span[0], span[1]) for span in spans),
            (first, *((nights,) * (len(dates) - 1)), last),
            self.legs.minutes,
            Lunch(pause, minutes_of(self.settings.lunch_between)) if pause else None,
        )

    def _hours(self, firm: Wanted, usual: Sequence[str], date: dt.date) -> tuple[tuple[int, int], ...]:
        own = self.own_hours(firm)
        return hours_of(own, date) if own else tuple(minutes_of(span) for span in usual)

    def own_hours(self, firm: Wanted) -> str:
        """When a firm receives, by its own row; blank: as usual."""
        return next((text for key in firm.ids if (text := self.rows[key].text("visiting_hours"))), "")


def journey_of(desk: Desk, asked: Asked, firms: Sequence[Wanted]) -> tuple[Journey, list[LeftOut]]:
    """The journey to the firms that have a place and a team; the others, and why."""
    teams = {use.team_id for use in desk.plan.teams}
    for team in asked.teams:
        if team not in teams:
            found = did_you_mean(nearest(team, teams), Words("", "")).zh
            raise refusal("J103", None, "--team", " ".join(filter(None, (team, found))), teams=Words.listed(sorted(teams), 12))
    of = {firm.ids: _teams_of(desk, asked.teams, firm) for firm in firms}
    able = tuple(firm for firm in firms if firm.point is not None and of[firm.ids])
    aside = [
        left_out(firm, "no_coordinates" if firm.point is None else "other_team")
        for firm in firms
        if firm.point is None or not of[firm.ids]
    ]
    by_city: dict[str, list[Wanted]] = {}
    for firm in able:
        by_city.setdefault(firm.city, []).append(firm)
    chosen = sorted(by_city, key=lambda city: (-sum(firm.priority for firm in by_city[city]), city))[:MOST_BASES]
    middles = {city: middle([firm.point for firm in by_city[city] if firm.point is not None]) for city in chosen}
    given: dict[str, Point] = {}
    for text in asked.bases:
        point = point_of(text, "--base", desk, middles)
        given.setdefault(point.city or next(iter(middles), ""), replace(point, city=point.city or next(iter(middles), "")))
    bases = tuple(given.get(city) or replace(middles[city], name=BASE.say(desk.language, city=city), ids=()) for city in chosen)
    near = tuple("" if city in given else middles[city].name for city in chosen)
    ends = (asked.start.place, "--start"), (asked.end.place, "--end")
    first, last = (None if text is None else point_of(text, option, desk, middles) for text, option in ends)
    rows = {row.text("candidate_id"): row for row in stated_rows(desk.opened.case.tables, "candidates")}
    return Journey(desk, asked, able, tuple(of[firm.ids] for firm in able), bases, near, (first, last), rows), aside


def _teams_of(desk: Desk, teams: Sequence[str], firm: Wanted) -> tuple[int, ...]:
    """The numbers of the teams that may visit a firm: its own, else those that serve its chain; without teams the one group that there is."""
    if not teams:
        return (0,)
    own = {project.team_id for project in firm.projects if isinstance(project, Selected) and project.team_id}
    chains = {project.chain_id for project in firm.projects}
    able = own or {use.team_id for use in desk.plan.teams if use.chain_id is None or use.chain_id in chains}
    return tuple(number for number, team in enumerate(teams) if team in able)


def left_out(firm: Wanted, why: Why) -> LeftOut:
    """A firm that is not visited."""
    return LeftOut(candidate_ids=firm.ids, name=firm.name, city=firm.city, why=why, also=firm.also)
