"""``Plan``: the one frozen result that every output is made from; it is written as ``plan.json`` and reads back equal.

Money is in 万元, probabilities are 0–1, quarters are ``2027Q1``, coordinates are WGS84 degrees. Resource amounts are in
the resource's own unit (``resources``). Names and sources come from the tables as they stood there: they are data, to be
escaped by whoever prints them (R6). ``None`` means "not known"; it is never zero (R1).

An *assumption* (R5) is a column, or a single cell, that the input marked with ``*``. ``assumptions`` lists them, and each
record carries in ``assumed`` the names of its own fields that rest on one.
"""

from __future__ import annotations

import datetime as dt
import json
from hashlib import sha256
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_core import PydanticSerializationError

from planner.echo.lines import EchoLine
from planner.plan import records
from planner.plan.firm_records import Incumbent, NotSelected, Selected
from planner.plan.limit_records import Limit, RuleResult
from planner.plan.means_records import FundUse, TeamUse
from planner.plan.records import Record
from planner.plan.reference.records import ChangeReport, Nearness

SCHEMA_VERSION = 1
SHORT = 8
"""Digits of a seal that are shown."""


State = Literal["draft", "submitted", "approved"]


class Signature(Record):
    """That somebody has put a plan into a state, as a line of the file beside its ``plan.json``."""

    plan: str
    """Seal of the plan."""
    state: State
    """``draft``: it was withdrawn."""
    by: str
    on: dt.date
    note: str | None = None
    despite: str | None = None
    """Why the plan was not fit for decision when this was done all the same."""
    written: dt.datetime
    """By the clock of the machine, UTC: which of two lines of one day came first."""


class Plan(Record):
    """A verified plan: everything any output needs."""

    schema_version: int = SCHEMA_VERSION
    plan: records.PlanHead
    inputs: tuple[records.InputFile, ...]
    status: records.Status
    nearness: Nearness | None = None
    """Against the earlier plan that the solve began from; None: there was none, or nothing was looked for."""
    change_report: ChangeReport | None = None
    """What changes against that plan, with causes and costs; None where it was not the reference of a run."""
    objective: records.ObjectiveResult
    selected: tuple[Selected, ...]
    not_selected: tuple[NotSelected, ...]
    chains: tuple[records.ChainResult, ...]
    links: tuple[records.LinkResult, ...]
    link_edges: tuple[records.LinkEdge, ...]
    parks: tuple[records.ParkResult, ...]
    areas: tuple[records.AreaResult, ...]
    funds: tuple[FundUse, ...]
    teams: tuple[TeamUse, ...]
    rules: tuple[RuleResult, ...]
    echo: tuple[EchoLine, ...] = ()
    """What the plan file asks for, in words, with what each line touches and can come to."""
    limits: tuple[Limit, ...]
    """Limits that bind: nothing left, or too little for some candidate that would be worth having."""
    incumbents: tuple[Incumbent, ...]
    resources: tuple[records.Resource, ...]
    kpis: records.Kpis
    assumptions: tuple[records.Assumption, ...]
    changes: tuple[records.ChangeMade, ...] = ()
    """What the plan file changes in the tables, rows that it puts in or takes out."""
    notices: tuple[records.Notice, ...]
    verification: records.Verification
    stored_seal: str = Field(default="", exclude=True)
    """SHA-256 of the ``plan.json`` that it was read from, where that is not how this version writes it; otherwise empty."""
    signatures: tuple[Signature, ...] | None = Field(default=None, exclude=True)
    """Who has submitted, approved or withdrawn it, for outputs to say; empty: it is a draft. None: nobody has looked."""

    @property
    def seal(self) -> str:
        """SHA-256 of the ``plan.json``, in hexadecimal digits."""
        return self.stored_seal or sha256(self.to_json().encode("utf-8")).hexdigest()

    @property
    def short_seal(self) -> str:
        """The beginning of the seal, as every output shows it: by it a page is told to be of this plan."""
        return self.seal[:SHORT]

    def to_json(self) -> str:
        """UTF-8 JSON text; :func:`read_plan` gives an equal plan back."""
        try:
            return self.model_dump_json(indent=1)
        except PydanticSerializationError:
            return self.storable().model_dump_json(indent=1)

    def storable(self) -> Plan:
        """The plan itself, or with ``?`` for characters that no file can hold (halves of a surrogate pair)."""
        try:
            self.model_dump_json()
        except PydanticSerializationError:
            text = json.dumps(self.model_dump(mode="json"), ensure_ascii=False)
            return Plan.model_validate_json(text.encode("utf-8", "replace"))
        return self


def read_plan(path: Path) -> Plan:
    """The plan in a ``plan.json``. Raises FileNotFoundError: there is none; pydantic.ValidationError: it is not a plan of this
    schema."""
    return Plan.model_validate_json(path.read_text(encoding="utf-8"))
