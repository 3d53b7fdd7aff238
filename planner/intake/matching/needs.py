"""What a product needs of each link, who makes it here, what is lacking and who could bring it (缺什么补什么)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from planner.case.chains import diagnose
from planner.intake.codes import problem
from planner.intake.firms import column_called
from planner.intake.matching.evidence import LinkText, Suggestion, holds, plain, suggest
from planner.intake.matching.match import BUSINESS, TOP, link_texts
from planner.intake.matching.parts import Part, read_parts
from planner.plan.open import Opened, open_plan
from planner.problems import InputError, Problem


@dataclass(frozen=True, slots=True)
class Target:
    """A candidate that could come and is of the link."""

    candidate_id: str
    name: str
    capacity: float
    """万元 a year."""
    probability: float


@dataclass(frozen=True, slots=True)
class LinkNeed:
    """A link that the product needs. Amounts of the link are 万元 a year, as the plan has them."""

    link_id: str
    name: str
    chain: str
    parts: tuple[str, ...]
    """Names of the parts."""
    quantities: tuple[tuple[str, Fraction], ...]
    """(unit, how many), one for each unit in which the parts are counted; parts inside another part of the link are left out."""
    uncounted: int
    """Parts of which the list says no quantity, and money alone."""
    value: Fraction | None
    """元 of all parts; None where that of one is not said."""
    local: tuple[str, ...]
    """Firms here."""
    sources: int
    """Sources that the plan counts, those without a name too."""
    demand: float
    supply: float
    gap: float
    grade: str
    targets: tuple[Target, ...]
    """The largest expected supply first."""
    assumed: bool

    @property
    def missing(self) -> bool:
        """Nobody here makes it."""
        return not self.local and self.sources == 0


@dataclass(frozen=True, slots=True)
class PartNeed:
    """A part, the link it is of, and firms whose own words name it. Without a link: suggestions, none of them taken."""

    part: Part
    link: int
    how: str
    """``stated``, ``name`` or ``synonym``; ``several`` where more than one link has this name, else ``none``."""
    suggested: tuple[Suggestion, ...]
    named_by: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Needs:
    """A list of parts held against a plan; links without local suppliers first, then by gap."""

    opened: Opened
    file: str
    count: int
    links: tuple[LinkNeed, ...]
    parts: tuple[PartNeed, ...]
    texts: tuple[LinkText, ...]
    warnings: tuple[Problem, ...]

    @property
    def unplaced(self) -> tuple[PartNeed, ...]:
        """Parts of no link, products apart."""
        return tuple(one for one in self.parts if one.link < 0 and not one.part.product)


def explode(plan: str | Path, bom: str | Path, count: int = 1) -> Needs:
    """What ``count`` products need by a list of parts (CSV or workbook).

    Raises:
        planner.problems.InputError: the plan or the list cannot be used; a row names a link that there is not (I158); the plan has no
            table of links (I152).
    """
    opened = open_plan(plan)
    if "links" not in opened.case.tables:
        raise InputError([problem("I152", opened.loaded.place("tables"), "tables")])
    listed = read_parts(Path(bom), count)
    texts, chains = link_texts(opened.case.tables)
    at = {link.link_id: number for number, link in enumerate(texts)}
    parts = list(listed.parts.values())
    strange = [(part, part.rows[0]) for part in parts if part.link_id and part.link_id not in at]
    if strange:
        raise InputError([problem("I158", listed.places[row], part.name, part.link_id) for part, row in strange])
    placed = _placed(parts, texts, opened)
    return Needs(opened, Path(bom).name, count, _links(opened, placed, texts, chains), placed, texts, listed.warnings)


def _placed(parts: Sequence[Part], texts: Sequence[LinkText], opened: Opened) -> tuple[PartNeed, ...]:
    """Each part's link: the one it states, else the only one that is called so."""
    called: dict[str, dict[int, str]] = defaultdict(dict)
    for number, about in enumerate(texts):
        own = {plain(about.link_id), *about.terms} - {plain(name) for name in about.synonyms}
        for name in {*own, *map(plain, about.synonyms)} - {""}:
            called[name].setdefault(number, "name" if name in own else "synonym")
    at = {link.link_id: number for number, link in enumerate(texts)}
    found = suggest([part.name for part in parts], texts, TOP, np.full(len(parts), -1)).best
    makers = _firm_texts(opened)
    placed = []
    for part, best in zip(parts, found, strict=True):
        named = called.get(plain(part.name), {})
        link, how = (next(iter(named.items()))) if len(named) == 1 else (-1, "several" if named else "none")
        if part.link_id:
            link, how = at[part.link_id], "stated"
        term = plain(part.name)
        by = tuple(dict.fromkeys(firm for firm, text in makers if len(term) > 1 and holds(text, term)))
        if how == "several":
            best = tuple(Suggestion(number, 1.0, (texts[number].name,)) for number in named)
        placed.append(PartNeed(part, -1 if part.product else link, how, () if link >= 0 or part.product else best, by))
    return tuple(placed)


def _firm_texts(opened: Opened) -> list[tuple[str, str]]:
    """Name and plain text of each candidate that could come, and of each firm that is here."""
    texts: list[tuple[str, str]] = []
    for name, keep in (("candidates", opened.eligible.candidates), ("incumbents", None)):
        if name not in opened.case.tables:
            continue
        table, frame = opened.case.tables[name], getattr(opened.case, name)
        columns = dict.fromkeys(column for names in BUSINESS if (column := column_called(table, names)) is not None)
        rows = frame["row"].to_numpy()
        for position in range(len(frame)) if keep is None else np.flatnonzero(keep).tolist():
            said = [str(table.frame[column].iloc[rows[position]]) for column in columns if column != "name"]
            texts.append((str(frame["name"].iloc[position]), plain(" ".join(said))))
    return texts


def _links(opened: Opened, placed: Sequence[PartNeed], texts: Sequence[LinkText], chains: Sequence[str]) -> tuple[LinkNeed, ...]:
    """What each link that a part is of has to give."""
    case = opened.case
    state = {str(row["link_id"]): row for row in diagnose(case, opened.eligible.candidates).links.to_dict("records")}
    positions = {str(name): number for number, name in enumerate(case.links["link_id"])}
    of_link: dict[int, list[PartNeed]] = defaultdict(list)
    for one in placed:
        if one.link >= 0:
            of_link[one.link].append(one)
    needs = []
    for link, members in of_link.items():
        about, row = texts[link], state[texts[link].link_id]
        keys = {one.part.key for one in members}
        outer = [one.part for one in members if not one.part.inside & keys]
        units: dict[str, Fraction] = defaultdict(Fraction)
        for part in outer:
            units[part.unit] += part.quantity or 0
        position = positions[about.link_id]
        here = case.incumbents[case.incumbents["link"] == position]["name"].astype(str)
        needs.append(
            LinkNeed(
                about.link_id,
                about.name,
                chains[link],
                tuple(one.part.name for one in members),
                tuple((unit, total) for unit, total in units.items() if total),
                sum(part.quantity is None for part in outer),
                _sum([part.value for part in outer]),
                tuple(dict.fromkeys(here)),
                int(row["sources"]),
                float(row["demand"]),
                float(row["supply"]),
                float(row["shortage"]),
                str(row["grade"]),
                tuple(_targets(opened, position)),
                any(one.part.assumed for one in members),
            )
        )
    return tuple(sorted(needs, key=lambda need: (not need.missing, -need.gap, need.link_id)))


def _sum(values: Sequence[Fraction | None]) -> Fraction | None:
    known = [value for value in values if value is not None]
    return sum(known, Fraction(0)) if len(known) == len(values) else None


def _targets(opened: Opened, link: int) -> Iterator[Target]:
    """Candidates of the link that could come; of the versions of a project the one of the largest expected supply."""
    case = opened.case
    at = np.flatnonzero((case.candidates["link"] == link).to_numpy(bool) & opened.eligible.candidates)
    frame = case.candidates.iloc[at]
    expected = (frame["capacity"] * frame["landing_probability"]).to_numpy(float)
    order = np.lexsort((frame["candidate_id"].astype(str), -expected))
    first = {int(case.project_of[at[position]]): position for position in reversed(order.tolist())}
    for position in sorted(first.values(), key=order.tolist().index):
        row = frame.iloc[position]
        yield Target(str(row["candidate_id"]), str(row["name"]), float(row["capacity"]), float(row["landing_probability"]))
