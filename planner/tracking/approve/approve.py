"""What may be signed: states go forward, dates do not go back, and a plan that nobody should decide by needs a reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from planner.plan.model import Signature, State
from planner.plan.versions import STATE_WORDS, STATES, Version, sign, signing
from planner.problems import InputError, Problem, visible
from planner.publish.proof import stamp_of
from planner.settings.base import RefusedError, normal_day
from planner.tracking.codes import problem

LONGEST = 200
"""Characters of a name or a note: it stands on every page."""


def approve(
    run: str | Path,
    by: str,
    on: str | dt.date,
    state: State | None = None,
    note: str | None = None,
    withdraw: bool = False,
    anyway: bool = False,
) -> Version:
    """Put the plan of a run into a state, as a signed line beside its ``plan.json``, which does not change.

    Args:
        by, on: who, and on which day (``2027-01-05``, or a date).
        state: ``approved`` when None, or with ``withdraw`` ``draft``. An approval includes the submission.
        withdraw: the plan goes back to the state.
        anyway: also a plan that is not fit for decision; ``note`` must say why.

    Raises:
        planner.problems.InputError: every reason at once why it cannot be signed so; nothing is written then.
    """
    day, wrong = _day(on)
    wrong += [*_texts(by, note), *(_reasoned(note) if anyway else ())]
    wanted: State = state or ("draft" if withdraw else "approved")
    with signing(run) as version:
        wrong += _steps(version, wanted, withdraw)
        wrong += _dates(version, day) if day is not None else []
        stamp = stamp_of(version.plan) if wanted != "draft" else None
        if stamp is not None and not anyway:
            wrong.append(problem("V106", None, "RUN", version.plan.short_seal, stamp=stamp))
        if wrong or day is None:
            raise InputError(wrong)
        despite = None if stamp is None else stamp.say(version.plan.plan.language)
        line = Signature(
            plan=version.plan.seal,
            state=wanted,
            by=by.strip(),
            on=day,
            note=(note or "").strip() or None,
            despite=despite,
            written=dt.datetime.now(dt.UTC),
        )
        return sign(version, line)


def _day(on: str | dt.date) -> tuple[dt.date | None, list[Problem]]:
    try:
        return (dt.date.fromisoformat(normal_day(on)) if isinstance(on, str) else on), []
    except RefusedError:
        return None, [problem("V102", None, "--on", str(on))]


def _texts(by: str, note: str | None) -> Iterator[Problem]:
    if not by.strip():
        yield problem("V101", None, "--by", by)
    for option, text in (("--by", by), ("--note", note or "")):
        if len(text) > LONGEST or visible(text, one_line=True) != text:
            yield problem("V104", None, option, text[:50], longest=LONGEST)


def _reasoned(note: str | None) -> Iterator[Problem]:
    if not (note or "").strip():
        yield problem("V107", None, "--anyway")


def _steps(version: Version, wanted: State, withdraw: bool) -> Iterator[Problem]:
    """States go forward, and back only when the plan is withdrawn."""
    order = STATES.index(wanted) - STATES.index(version.state)
    if (order >= 0) if withdraw else (order <= 0):
        code = "V108" if withdraw else "V105"
        last = version.lines[-1] if version.lines else None
        found = "" if last is None else f"{last.by} {last.on}"
        yield problem(code, None, "--as", found, state=STATE_WORDS[version.state], wanted=STATE_WORDS[wanted])


def _dates(version: Version, day: dt.date) -> list[Problem]:
    last = version.lines[-1].on if version.lines else day
    return [] if day >= last else [problem("V111", None, "--on", day.isoformat(), last=last)]
