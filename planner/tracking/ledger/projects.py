"""What every ledger says of a project: its names, place and owner on a day, and the rows that say so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from planner.case.case import Case, Ints
from planner.plan.facts import Marks, known, text
from planner.plan.model import Plan
from planner.tracking.counts import parks_of, reaches
from planner.tracking.ledger.record import Project

EVENT = ("stage", "date")
"""Columns of an event whose marks every entry bears."""


@dataclass(frozen=True, eq=False)
class Projects:
    """The candidates of a case on a day; ``plan`` says where those are that no event and no row of theirs has placed."""

    case: Case
    on: dt.date
    plan: Plan | None = None

    @cached_property
    def marks(self) -> Marks:
        return Marks(self.case.tables)

    @cached_property
    def standing(self) -> pd.DataFrame:
        """How each project with events stands, by candidate."""
        return self.case.history.standing(self.on)

    @cached_property
    def reaches(self) -> pd.DataFrame:
        """When each reached each stage."""
        return reaches(self.case.history, self.on)

    @cached_property
    def position(self) -> Mapping[str, int]:
        """Candidates by id."""
        return {str(name): at for at, name in enumerate(self.case.candidates["candidate_id"])}

    @cached_property
    def parks(self) -> Ints:
        """The park of each, −1: not known; shape (I,)."""
        return parks_of(self.case, self.on, self.plan)

    @cached_property
    def counties(self) -> list[str]:
        """The county of each, ``""`` where it is not known."""
        own = self.case.parks["county"] if "county" in self.case.parks.columns else pd.Series([""] * len(self.case.parks))
        names = [*(text(name) or "" for name in own), ""]
        return [names[park] for park in self.parks.tolist()]

    @cached_property
    def teams(self) -> list[str]:
        """The team of each, ``""`` for none."""
        names = [*self.case.teams.ids, ""]
        return [names[team] for team in self.case.candidates["team"].to_numpy(np.int64).tolist()]

    @cached_property
    def chains(self) -> Ints:
        """The chain of each, −1 for none."""
        return self.case.candidates["chain"].to_numpy(np.int64)

    @cached_property
    def investment(self) -> list[float | None]:
        """万元 of each; None: not known."""
        own = self.case.candidates
        return [known(value) for value in own["investment"]] if "investment" in own.columns else [None] * len(own)

    @cached_property
    def _owners(self) -> Mapping[int, str]:
        return dict(zip(self.standing["candidate"].tolist(), self.standing["owner"].tolist(), strict=True))

    @cached_property
    def _rows(self) -> list[dict[Any, Any]]:
        return self.case.candidates.to_dict("records")

    @cached_property
    def _named(self) -> Mapping[tuple[str, str], list[str]]:
        """Ids and names by position, ``""`` at −1."""
        columns = (("chains", "chain_id"), ("chains", "name"), ("links", "name"), ("parks", "park_id"), ("parks", "name"))
        return {(table, column): [*getattr(self.case, table)[column].astype(str), ""] for table, column in columns}

    def name(self, i: int) -> str:
        """What a project is called."""
        return str(self._rows[i]["name"])

    def id(self, i: int) -> str:
        """Its id."""
        return str(self._rows[i]["candidate_id"])

    def place(self, row: int, column: str = "stage") -> str:
        """The cell of an event."""
        return str(self.case.tables["status"].place(row, column)) if row >= 0 else ""

    def of(self, i: int, row: int = -1) -> Project:
        """The project of a candidate; ``row``: the event that the entry stands on, for its marks."""
        named, own, park = self._named, self._rows[i], int(self.parks[i])
        chain, link = int(own["chain"]), int(own["link"])
        marks = [*self.marks.of_row("candidates", int(own["row"]))]
        marks += [f"status.{name}" for name in self.marks.of_row("status", row) if name in EVENT] if row >= 0 else []
        told = self._owners.get(i, "")
        return Project(
            candidate_id=self.id(i),
            name=self.name(i),
            chain_id=named["chains", "chain_id"][chain],
            chain_name=named["chains", "name"][chain],
            link_name=named["links", "name"][link],
            park_id=named["parks", "park_id"][park],
            park_name=named["parks", "name"][park],
            county=self.counties[i],
            team=self.teams[i],
            owner=told or text(own.get("owner")) or "",
            investment=self.investment[i],
            assumed=tuple(marks),
            source=text(own.get("source")) or self.marks.source("candidates", int(own["row"])) or "",
        )

    def assumed(self, i: int) -> bool:
        """Whether its investment rests on an assumption."""
        return "investment" in self.marks.of_row("candidates", int(self._rows[i]["row"]))
