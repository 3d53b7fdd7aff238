"""What CONTRIBUTING.md says is enough to add a thing is enough: a toy of each kind, made only of the steps it names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest
from openpyxl import load_workbook
from typer import Typer
from typer.testing import CliRunner

from planner import api
from planner.case.accounts import Accounts, Chosen
from planner.case.case import Case, Choice, Floats, Ints
from planner.case.link import NUMBERS
from planner.language import Words
from planner.layout import Choices, ColumnBlock, Layout, Rows, number, rows_of
from planner.limits import FAMILIES, FAMILY, lever_words
from planner.limits.family import Family, Held, Lever, Step, Subject, same
from planner.plan.firm_records import Selected
from planner.plan.open import open_plan
from planner.plan.reasons import limits_of
from planner.plan.reopen import open_run
from planner.plan.verify import broken, held
from planner.problems import InputError
from planner.programme.build import build
from planner.publish.field import Field, Shown
from planner.publish.fields import FIRM
from planner.publish.geopackage.layers import columns_of as layer_columns
from planner.publish.map.facts import Facts
from planner.publish.view import View
from planner.publish.workbook.records import columns_of as sheet_columns
from planner.questions.answering import commands
from planner.questions.registry import QUESTIONS
from planner.reading import read
from planner.tables.column import Column
from planner.tables.spec import TABLES
from planner.terms import registry
from planner.terms.registry import reckon
from planner.terms.term import Term
from tests.asked import kept
from tests.city import PLAN, changed, write_city
from tests.solving import optimum, planned


class OneAPark(Family):
    """At most one new project a park, or a fee of 100 for each further one: rows, a column block, a check, words, a lever."""

    name = "one_a_park"
    title = Words("一园一项", "one project a park")
    formula = r"\sum_{i,t} x_{ikt} \le 1 + f_k"
    fee: float | None = None

    def columns(self, case: Case, choices: Choices) -> tuple[ColumnBlock, ...]:
        if self.fee is None:
            return ()
        parks = np.arange(len(case.parks))
        prices = np.full(len(parks), self.fee)
        return (ColumnBlock("crowd", "f", {"park": parks}, np.full(len(parks), np.inf), price=prices),)

    def rows(self, case: Case, layout: Layout) -> Rows:
        at = layout.placements
        row, parks = number(layout.park[at])
        value = np.ones(len(at))
        if self.fee is not None:
            row = np.concatenate([row, np.arange(len(parks))])
            at = np.concatenate([at, layout.positions("crowd")[parks]])
            value = np.concatenate([value, -np.ones(len(parks))])
        return rows_of(layout, (row, at, value), {"park": parks}, upper=1.0)

    def check(self, case: Case, accounts: Accounts) -> Iterator[Held]:
        if self.fee is None:
            yield from (Held(n, 1.0) for n in Counter(row["park"] for row in accounts.chosen.rows).values())

    def subject(self, case: Case, layout: Layout, about: Mapping[str, int]) -> Subject:
        park = case.parks.iloc[about["park"]]
        return Subject(same(park["name"]), (str(park["park_id"]),))

    def keys(self, case: Case, about: Mapping[str, Ints], side: int) -> Ints:
        return about["park"][:, None]

    def lever(self, case: Case, key: tuple[int, ...], bound: float, side: int) -> Lever:
        return Lever(self.name, key, self.price(case), 1.0, counted=True)

    def lever_words(self, case: Case, key: tuple[int, ...]) -> Words:
        return Words("一园一项", "one project a park")

    def step(self, case: Case, accounts: Accounts, key: tuple[int, ...]) -> Step:
        return Step(Words("放宽", "one more"), 1.0)


class Charged(OneAPark):
    """The same with its fee: columns that the layout, the names and the words know of without another file."""

    name = "charged"
    fee = 100.0


def test_a_family_is_one_class(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tiny city takes A, C and D, two of them in P1: 1800. One a park leaves A (1200 less 60 of demand at 泡棉) and C or D."""
    toy = OneAPark()
    path = write_city(tmp_path)
    whole, alone = optimum(path), optimum(path, (*FAMILIES, toy))
    assert whole is not None
    assert alone is not None
    assert alone < whole
    opened = open_plan(path)
    programme = build(opened.case, opened.eligible, (*FAMILIES, toy))
    two_in_one = reckon(opened.case, Choice(np.array([0, 2]), np.array([0, 0]), np.array([0, 1])))
    (limit,) = limits_of(programme, two_in_one, [programme.matrix.rows.shape[0] - 1]).values()
    assert (limit.family, limit.subject, limit.used, limit.amount) == ("one_a_park", "二号园", 0, 1)
    monkeypatch.setattr("planner.plan.verify.FAMILIES", (*FAMILIES, toy))
    assert "one_a_park" in {check.family for check in broken(held(opened.case, two_in_one))}
    monkeypatch.setitem(FAMILY, toy.name, toy)  # type: ignore[misc]
    assert lever_words(opened.case, toy.lever(opened.case, (0,), 1.0, 1)).en == "one project a park"


def test_a_column_block_is_declared_by_its_family(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    toy = Charged()
    monkeypatch.setattr("planner.programme.build.FAMILIES", (*FAMILIES, toy))
    opened = open_plan(write_city(tmp_path))
    programme = build(opened.case, opened.eligible, (*FAMILIES, toy))
    assert programme.named().column_names[-2:] == ("f_0", "f_1")
    assert programme.levels[0].objective[-2:].tolist() == [-100.0, -100.0]
    whole, paid = optimum(tmp_path / "plan.yaml"), optimum(tmp_path / "plan.yaml", (*FAMILIES, toy))
    assert whole is not None
    assert paid is not None
    assert whole - 100 <= paid < whole


class Names(Term):
    """The length of the names of those who come."""

    def _lengths(self, case: Case) -> Floats:
        return case.candidates["name"].str.len().to_numpy(float)

    def coefficients(self, case: Case, layout: Layout) -> tuple[Ints, Floats, float]:
        return layout.placements, self._lengths(case)[layout.candidate[layout.placements]], 0.0

    def normaliser(self, case: Case) -> float:
        return float(self._lengths(case).sum())

    def shares(self, case: Case, accounts: Accounts) -> Floats:
        return self._lengths(case)[accounts.choice.candidate]

    def parts(self, chosen: Chosen) -> list[float]:
        return [float(len(row["name"])) for row in chosen.rows]

    def offered(self, case: Case) -> float:
        return float(sum(map(len, case.candidates["name"].tolist())))


def test_a_term_is_one_class_and_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three of the four fit, of three characters each."""
    toy = Names("names", Words("名字", "names"), "字")
    monkeypatch.setitem(registry.TERMS, toy.name, toy)  # type: ignore[misc]
    assert optimum(write_city(tmp_path, PLAN.replace("gap: 1.0", "names: 1.0"))) == pytest.approx(9)


class Grouped(Selected):
    """One more attribute, under the name that its column has in the table of candidates."""

    variant_group: str | None


def test_a_field_is_an_attribute_and_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    line: Field[Grouped] = Field("variant_group", "text", Words("方案组", "Versions"), Shown.SHEET | Shown.LAYER | Shown.POPUP)
    monkeypatch.setattr("planner.plan.firms.Selected", Grouped)
    monkeypatch.setattr(FIRM, "entries", (*FIRM.entries, line))
    _, _, plan = planned(write_city(tmp_path, tables=changed("candidates", 0, variant_group="甲")))
    view = View(plan, "zh")
    first = next(firm for firm in plan.selected if firm.candidate_id == "A")
    sheet = next(one for one in sheet_columns(view, FIRM, plan.selected) if one.title.zh == "方案组")
    layer = next(one for one in layer_columns(view, FIRM, plan.selected) if one.name == "variant_group")
    assert set(sheet.values) == set(layer.values) == {"甲", None}
    facts = Facts(view)
    assert (facts.labels().index("方案组"), "甲") in facts.rows(FIRM, first)


HEADCOUNT = {
    "__init__": """
from planner.questions import Question

QUESTION = Question(__name__, ("headcount",), "Headcount", notes=True)
""",
    "ask": """
from headcount.record import Headcount


def headcount(run, least=0.0, listen=None, tell=None, stop=None):
    return Headcount(firms=tuple(firm.candidate_id for firm in run.plan.selected if firm.investment >= least))
""",
    "record": """
from planner.questions.kept import Answer


class Headcount(Answer):
    firms: tuple[str, ...]
""",
    "text": """
def text_of(plan, found, language):
    return f"{len(found.firms)}/{len(plan.selected)}"
""",
    "sheet": """
from planner.language import Words
from planner.publish.view import FirmNote


def write_sheet(book, view, answers):
    page = book.page("Headcount")
    page.text(0, 0, answers[0].firms[0], book.style("body"))
    page.finish()


def firm_note(answers, language):
    return FirmNote("counted", Words("计数", "counted"), dict.fromkeys(answers[0].firms, "counted in"))
""",
    "command": """
from planner.questions.commands import AskedOfRun, DataOf, ProgressAs, RunFolder, ShowProgress


def headcount(
    folder: RunFolder, plan: DataOf = None, least: float = 0.0, progress: ShowProgress = ProgressAs.text
) -> AskedOfRun:
    return AskedOfRun(folder, plan, "headcount", {"least": least})
""",
}


def test_a_question_is_a_folder_and_a_line(tiny_copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its command, the function of the API, the answer beside the run, its sheet and its note on firms are all there."""
    (tmp_path / "toys" / "headcount").mkdir(parents=True)
    for module, text in HEADCOUNT.items():
        (tmp_path / "toys" / "headcount" / f"{module}.py").write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path / "toys")
    monkeypatch.setattr("planner.questions.registry.QUESTIONS", (*QUESTIONS, "headcount"))
    app, run = Typer(), tiny_copy / "run"
    for name, function, kind in commands():
        app.command(name, cls=kind)(function)
    plan = (run / "plan.json").read_bytes()
    done = CliRunner().invoke(app, ["headcount", str(run), "--least", "350"])
    assert (done.exit_code, done.stdout.strip()) == (0, "2/3")
    assert (run / "plan.json").read_bytes() == plan
    (answer,) = kept(run, "headcount")
    assert (run / "answers" / "headcount.json").is_file()
    assert api.headcount(open_run(run), 350.0) == answer  # type: ignore[attr-defined]
    book = load_workbook(run / "plan.xlsx")
    assert book["Headcount"]["A1"].value == answer.firms[0]
    notes = [cell.value for row in book["招商清单"].iter_rows() for cell in row if cell.value == "counted in"]
    assert len(notes) == len(answer.firms)


def test_a_column_is_a_line_of_its_table_and_what_its_absence_means(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    exports = Column(name="exports", kind="number", zh="年出口额", en="yearly exports", unit="万元", minimum=0, yearly=True)
    spec = TABLES["candidates"].adding([exports])
    monkeypatch.setattr(read, "TABLES", {**TABLES, "candidates": spec})
    monkeypatch.setitem(NUMBERS, "exports", 0.0)
    rule = "rules: [{name: 出口, sum: exports, min: 1}]\n"
    rows = changed("candidates", 0)
    cells = [{**row, "年出口额(亿元/年)*": 0.5} for row in rows["candidates"]]
    opened = open_plan(write_city(tmp_path / "there", PLAN + rule, {**rows, "candidates": cells}))
    assert opened.case.candidates["exports"].tolist() == [5000.0] * len(cells)
    assert "exports" in opened.case.tables["candidates"].assumed
    cells[1]["年出口额(亿元/年)*"] = ""
    with pytest.raises(InputError, match="C201"):
        open_plan(write_city(tmp_path / "blank", PLAN + rule, {**rows, "candidates": cells}))
    assert set(open_plan(write_city(tmp_path / "absent", PLAN)).case.candidates["exports"]) == {0.0}
