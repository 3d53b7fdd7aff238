"""A list made by hand: who, where and when, from any file that tables are read from, or a sheet of an earlier workbook of ours.

Firms and parks are told by id or by name, in either of two columns or both. Cells that are blank are filled where only one park, or
one quarter, is open; the others stay free, for the planner to complete.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from planner.case.case import Case, Choice
from planner.case.eligibility import Eligibility
from planner.case.filters import Owner
from planner.case.members import meant_by
from planner.language import Words
from planner.plan.open import Opened
from planner.problems import InputError, Place, Problem, errors
from planner.questions.codes import problem
from planner.questions.variant import Called, candidate_called, park_called
from planner.reading.readers import read_grid
from planner.reading.source import read_source
from planner.reading.table import Table
from planner.reading.workbooks.inspect import forget
from planner.settings.sources import TableSource
from planner.tables.column import Column, TableSpec

FREE = -1
"""The park or quarter of a row that does not say it."""
LIST = TableSpec(
    name="list",
    zh="名单",
    en="list",
    aliases=("招商清单", "Target list", "清单", "招商名单", "项目清单", "candidates", "客商库"),
    key=("candidate_id",),
    columns=(
        Column(
            name="candidate_id",
            kind="id",
            zh="项目编号",
            en="candidate id",
            aliases=("客商编号", "项目代码", "企业编号", "编号", "candidate", "id"),
        ),
        Column(
            name="name",
            kind="text",
            zh="企业名称",
            en="firm",
            aliases=("企业", "项目名称", "企业全称", "客商名称", "名称", "项目", "公司", "公司名称", "name", "company", "project"),
        ),
        Column(
            name="park_id", kind="id", zh="园区编号", en="park id", aliases=("园区代码", "园区ID", "落户园区编号", "拟落园区编号")
        ),
        Column(
            name="park_name",
            kind="text",
            zh="园区",
            en="park",
            aliases=("园区名称", "落地园区", "落户园区", "拟落园区", "拟落户园区", "拟落地园区", "指定园区", "park name"),
        ),
        Column(
            name="quarter",
            kind="quarter",
            zh="季度",
            en="quarter",
            aliases=("签约季度", "拟签约季度", "计划签约季度", "计划季度", "指定季度", "签约时间", "计划签约时间"),
        ),
    ),
)
"""What is read of a list; all other columns are left alone."""
FIRM, PARK = ("candidate_id", "name"), ("park_id", "park_name")
REWORDED = {"T105": "R142", "T106": "R142", "T109": "R143", "T124": "R144", "T125": "R144"}
"""Problems of a table whose remedies speak of the plan file, as they are told of a list."""
UNTOLD = frozenset({"T127", "T129", "T155", "T206", "T207"})
"""Warnings that mean nothing here: columns that are not used, the total row, other sheets that are hidden."""


@dataclass(frozen=True)
class Listed:
    """One row of a list: positions in the case's tables."""

    row: int
    """Where it stands in the file, from 1; 0: nowhere."""
    candidate: int
    park: int = FREE
    quarter: int = FREE


@dataclass(frozen=True)
class Listing:
    """A list as it was read, by candidate; its firms are different projects."""

    rows: tuple[Listed, ...]
    file: str = ""
    sheet: str | None = None
    sha256: str = ""
    notices: tuple[Words, ...] = ()
    """What was filled in, and what of the file was passed over."""

    @property
    def whole(self) -> bool:
        """Every row says where and when."""
        return all(row.park != FREE and row.quarter != FREE for row in self.rows)

    @property
    def choice(self) -> Choice:
        """The list as a choice; what is free is −1."""
        table = np.array([(row.candidate, row.park, row.quarter) for row in self.rows], dtype=np.int64).reshape(-1, 3)
        return Choice(table[:, 0], table[:, 1], table[:, 2])


def read_listing(opened: Opened, path: str | Path, sheet: str | None = None) -> Listing:
    """The list in a file. Raises InputError: with everything that is wrong with it, at its cell."""
    path = Path(path)
    source = TableSource.model_construct(file=path.name, sheet=sheet)
    grid, found = read_grid(path.parent, source, LIST)
    forget()
    table = None
    if grid is not None:
        table, of_table = read_source(grid, LIST, source)
        found = [*found, *of_table]
    problems = [_reworded(one) for one in found if one.code not in UNTOLD]
    if table is None or not any(name in table.frame for name in FIRM):
        if table is not None:
            heads = "、".join(text for name in (*table.headers,) if (text := table.headers[name]))
            problems.append(problem("R145", table.place(), LIST.zh, heads))
        raise InputError(dict.fromkeys(problems))
    reader = _Reader(opened.case, table, problems)
    rows = reader.rows()
    if errors(problems):
        raise InputError(dict.fromkeys(problems))
    notices = [one.words for one in problems]
    filled = [_filled(opened.case, opened.eligible, row, notices) for row in rows]
    held = table.inputs[0]
    return Listing(tuple(sorted(filled, key=lambda row: row.candidate)), held.name, held.sheet, held.sha256, tuple(notices))


def _reworded(found: Problem) -> Problem:
    if found.code not in REWORDED:
        return found
    return problem(REWORDED[found.code], found.place, found.subject, found.found, listed=found.rule)


class _Reader:
    """The rows of a table as firms, parks and quarters of a case; what cannot be one is a problem."""

    def __init__(self, case: Case, table: Table, problems: list[Problem]) -> None:
        self.case, self.table, self.problems = case, table, problems

    def rows(self) -> list[Listed]:
        """Every row that names a firm of the case, each project once."""
        found = list[Listed]()
        seen, projects = dict[int, int](), dict[int, tuple[int, int]]()
        for n in range(len(self.table)):
            i = self._called(n, "candidate", FIRM, candidate_called)
            park, quarter = self._called(n, "park", PARK, park_called), self._quarter(n)
            if i is None:
                if not any((n, name) in self.table.refused or self._text(n, name) for name in FIRM):
                    self._report("R146", n, FIRM)
                continue
            name, project = self._id(i), int(self.case.project_of[i])
            if i in seen:
                self._report("R147", n, FIRM, name, other=self._where(seen[i]))
            elif project in projects:
                first, version = projects[project]
                self._report("R148", n, FIRM, name, other=self._where(first), version=self._id(version))
            else:
                line = int(self.table.positions[0][n]) + 1
                found.append(Listed(line, i, FREE if park is None else park, FREE if quarter is None else quarter))
            seen.setdefault(i, n)
            projects.setdefault(project, (n, i))
        return found

    def _called(self, n: int, owner: Owner, columns: Sequence[str], called: Called) -> int | None:
        """The position that the id or name means; None: nothing is filled in, or it means none, which is a problem. Where both are
        there the id rules, and a name that is another's is a problem."""
        filled = [name for name in columns if self._text(n, name)]
        if not filled:
            return None
        first, *others = filled
        place = self.table.place(n, first)
        at = called(self.case, self._text(n, first), self.problems, place, self.table.headers[first])
        for name in others if at is not None else ():
            meant = meant_by(self.case, self._text(n, name), owner)
            if len(meant) and at not in meant:
                self._report("R149", n, [name], " ≠ ".join(self._text(n, one) for one in filled))
        return at

    def _quarter(self, n: int) -> int | None:
        if not (text := self._text(n, "quarter")):
            return None
        if text in self.case.quarters:
            return self.case.quarters.index(text)
        self._report("R124", n, ("quarter",), text, listed=Words.listed(self.case.quarters))
        return None

    def _text(self, n: int, name: str) -> str:
        return str(self.table.frame[name].iloc[n]) if name in self.table.frame else ""

    def _id(self, i: int) -> str:
        return str(self.case.candidates["candidate_id"].iloc[i])

    def _where(self, n: int) -> Place:
        return self.table.place(n, next(name for name in FIRM if name in self.table.frame))

    def _report(self, code: str, n: int, columns: Sequence[str], found: str = "", **values: object) -> None:
        name = next(name for name in columns if name in self.table.frame)
        self.problems.append(problem(code, self.table.place(n, name), self.table.headers[name], found, **values))


def _filled(case: Case, eligible: Eligibility, row: Listed, notices: list[Words]) -> Listed:
    """The row with the only park, or the only quarter, that is open to its firm where it says none."""
    i, told = row.candidate, list[str]()
    parks, quarters = np.flatnonzero(eligible.pairs[i]), np.flatnonzero(eligible.quarter[i])
    if row.park == FREE and len(parks) == 1:
        row = replace(row, park=int(parks[0]))
        told.append(str(case.parks["name"].iloc[row.park]))
    if row.quarter == FREE and len(quarters) == 1:
        row = replace(row, quarter=int(quarters[0]))
        told.append(case.quarters[row.quarter])
    if told:
        name, what = str(case.candidates["name"].iloc[i]), " ".join(told)
        notices.append(
            Words(
                f"第 {row.row} 行“{name}”没有写全，只有 {what} 可选，已补上",
                f"row {row.row}, {name}: {what} filled in, the only choice",
            )
        )
    return row


def listed(case: Case, choice: Choice) -> Listing:
    """A choice as a list."""
    rows: Iterator[tuple[int, int, int]] = zip(
        *(part.tolist() for part in (choice.candidate, choice.park, choice.quarter)), strict=True
    )
    return Listing(tuple(Listed(0, *row) for row in sorted(rows)))
