"""What a row or a column of the programme is, in the user's words."""

from __future__ import annotations

import math
from dataclasses import dataclass

from planner.language import Language, Words
from planner.limits.family import Subject, amount_text
from planner.programme.build import Programme

AT_LEAST, AT_MOST = Words("不低于", "at least"), Words("不高于", "at most")


@dataclass(frozen=True)
class RowFacts:
    """What a row limits, in which quarter (None: no single one), by which bound and from which side."""

    family: str
    subject: Subject
    quarter: str | None
    bound: float
    from_above: bool


def row_facts(programme: Programme, row: int) -> RowFacts:
    """The facts of row ``row`` of the matrix."""
    family, rows, number = programme.row(row)
    about = {key: int(values[number]) for key, values in rows.about.items()}
    subject = family.subject(programme.case, programme.layout, about)
    upper, lower = float(rows.upper[number]), float(rows.lower[number])
    bound = (upper if math.isfinite(upper) else lower) + subject.constant
    quarter = programme.case.quarters[about["quarter"]] if "quarter" in about else None
    return RowFacts(family.name, subject, quarter, bound, math.isfinite(upper))


def describe_row(programme: Programme, row: int, language: Language) -> str:
    """Row ``row`` of the matrix in words."""
    facts = row_facts(programme, row)
    return (
        programme.row(row)[0]
        .sentence.say(
            language,
            subject=facts.subject.name,
            place=facts.subject.place or "",
            quarter=facts.quarter or "",
            amount=amount_text(facts.bound),
            unit=facts.subject.unit,
            sense=AT_MOST if facts.from_above else AT_LEAST,
        )
        .strip()
    )


def describe_column(programme: Programme, column: int, language: Language) -> str:
    """Column ``column`` of the matrix in words."""
    layout, case = programme.layout, programme.case
    if column < layout.choices:
        firm = case.candidates["name"].iloc[layout.candidate[column]]
        park, quarter = int(layout.park[column]), int(layout.quarter[column])
        at = str(case.parks["name"].iloc[park]) if park >= 0 else ""
        when = case.quarters[quarter] if quarter >= 0 else ""
        return Words(f"“{firm}”选在 {at}{when}", f"{firm} chosen for {at} {when}").say(language)
    block = next(block for block in layout.blocks if column < layout.at(block.name).stop)
    links, number = block.about.get("link"), column - layout.at(block.name).start
    return block.words.say(language, link="" if links is None else case.links["name"].iloc[links[number]])
