"""The suggestions as a file that a person accepts from: a workbook with a drop-down, or YAML; and what was accepted, read back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from planner.intake.codes import problem
from planner.intake.firms import same_firms
from planner.intake.matching.book import new_file, write_notes
from planner.intake.matching.match import Matches
from planner.language import Language, Words
from planner.problems import InputError, Place, Problem, errors, visible
from planner.publish.book.book import Book, Cell
from planner.publish.book.columns import Column, with_rows
from planner.publish.book.table import page_of_one_table
from planner.reading.phrases import FALSE_WORDS, TRUE_WORDS
from planner.reading.readers import read_grid
from planner.reading.source import read_source
from planner.settings.document import read_document
from planner.settings.sources import TableSource
from planner.settings.write import flow
from planner.spelling import fold_name
from planner.tables.column import Column as TableColumn
from planner.tables.column import Kind, TableSpec

SHEET, ALIKE, ABOUT = Words("匹配建议", "suggestions"), Words("疑似同一企业", "may be one firm"), Words("说明", "about")
YES, NO = Words("是", "yes"), Words("否", "no")
FILE = Words("匹配建议.xlsx", "suggestions.xlsx")
ID, FIRM = Words("项目编号", "candidate id"), Words("企业名称", "firm")
LINK, READ = Words("建议环节编号", "link suggested"), Words("读自", "read from")
_HEADINGS = (
    Column(ID, kind="cell"),
    Column(FIRM, room=42),
    Column(Words("现环节编号", "link stated"), kind="cell"),
    Column(Words("序", "rank"), kind="count"),
    Column(LINK, kind="cell"),
    Column(Words("建议环节", "name of the link"), room=32),
    Column(Words("产业链", "chain"), room=18),
    Column(Words("得分", "score"), kind="number", decimals=2),
    Column(Words("匹配的词", "words that matched"), room=40),
    Column(READ, room=22),
)
ACCEPTED = Words("采纳", "accept")
_NOTES = Words(
    "在“采纳”列选“是”，每家企业至多一行；也可改写“建议环节编号”，改成环节表中的另一个环节。|"
    "然后运行：planner match 计划 --accept 本文件。程序把采纳的环节写进客商库的副本（带 *，并写明依据），原表不动；没有采纳的一概不用。|"
    "得分在 0 与 1 之间：环节名称（或同义词）原样出现在企业文字中的，约 0.5 以上；只有零散字词相同的，在 0.2 以下，须仔细核对。|"
    "读了：{read}。已写明产业链的企业只在该链内找。写明环节的 {stated} 家中，写明的环节排在第 1 位的 {first} 家，前 3 位 {third} 家，前 10 位 {tenth} 家。",
    "Choose yes in the column accept, for one row of a firm at most; the link suggested may be changed to another link of the table.|"
    "Then run: planner match PLAN --accept THIS_FILE. Links that were accepted are written into a copy of the candidates (with *, and with"
    " the evidence); the table stays as it is, and nothing else is used.|"
    "Scores lie between 0 and 1: where the link's name (or a synonym) stands in the firm's text word for word, about 0.5 and more; where"
    " only fragments agree, below 0.2, to be looked at with care.|"
    "Read: {read}. A firm that states its chain is held against that chain alone. Of {stated} firms that state their link it is the first for {first}, among three for {third}, among ten for {tenth}.",
)
_ALIKE = (
    Column(Words("企业一", "one firm"), room=36),
    Column(Words("位置一", "where"), room=26),
    Column(Words("企业二", "other firm"), room=36),
    Column(Words("位置二", "where"), room=26),
    Column(Words("相近程度", "likeness"), kind="number", decimals=2),
    Column(Words("依据", "evidence"), room=60),
)


def columns_read(matches: Matches) -> str:
    """Headers of the columns that were held against the links."""
    return "、".join(dict.fromkeys((matches.firms.headers.get("name", "name"), *matches.read)))


def about(matches: Matches) -> str:
    """What was read and how well stated links are met, in the plan's language: the last of the notes."""
    stated, (first, third, tenth) = matches.hits()
    language = matches.loaded.settings.language
    return (
        _NOTES.say(language).split("|")[-1].format(read=columns_read(matches), stated=stated, first=first, third=third, tenth=tenth)
    )


def write_suggestions(matches: Matches, path: Path) -> None:
    """``.yaml``, or else a workbook. Raises InputError: a file stands there (I156), or it cannot be written (R116)."""
    language = matches.loaded.settings.language
    if path.suffix.lower() in (".yaml", ".yml"):
        with new_file(path) as fresh:
            fresh.write_text(_yaml(matches, language), encoding="utf-8")
        return
    accepted = Column(ACCEPTED, choices=(YES.say(language), NO.say(language)))
    with new_file(path) as fresh, Book(fresh, language, SHEET.say(language)) as book:
        columns = with_rows((*_HEADINGS, accepted), [(*row, None) for row in _rows(matches)])
        page_of_one_table(book, SHEET, columns, headed=False)[0].finish()
        if found := same_firms(matches.every_firm):
            rows = [(a.name, str(a.place), b.name, str(b.place), score, evidence.say(language)) for a, b, score, evidence in found]
            page_of_one_table(book, ALIKE, with_rows(_ALIKE, rows), headed=False, fixed=1)[0].finish()
        write_notes(book, ABOUT, [*_NOTES.say(language).split("|")[:-1], about(matches)])


def _rows(matches: Matches) -> Iterator[tuple[Cell, ...]]:
    """The cells of each suggestion; a firm without one has a row that says nothing of links."""
    read = columns_read(matches)
    for own, name, stated, best in zip(matches.ids, matches.names, matches.stated, matches.scores.best, strict=True):
        if not best:
            yield own, name, stated, None, None, "", "", None, "", read
        for rank, one in enumerate(best, start=1):
            link = matches.links[one.link]
            words = "、".join(one.words)
            yield own, name, stated, rank, link.link_id, link.name, matches.chains[one.link], round(one.score, 4), words, read


def _yaml(matches: Matches, language: Language) -> str:
    keys = ("candidate_id", "firm", "stated", "rank", "link_id", "link", "chain", "score", "words", "read")
    notes = [*_NOTES.say(language).split("|")[:-1], about(matches)]
    rows = (dict(zip(keys, row, strict=True)) | {"accept": None} for row in _rows(matches))
    return (
        "\n".join([*(f"# {visible(note, one_line=True)}" for note in notes), "suggestions:", *(f"  - {flow(row)}" for row in rows)])
        + "\n"
    )


@dataclass(frozen=True, slots=True)
class Accepted:
    """A link that a person took for a firm."""

    firm: int
    link: int
    place: Place


def _column(name: str, kind: Kind, words: Words, *more: str) -> TableColumn:
    return TableColumn(name=name, kind=kind, zh=words.zh, en=words.en, aliases=more)


_SPEC = TableSpec(
    name="suggestions",
    zh=SHEET.zh,
    en=SHEET.en,
    key=("candidate_id",),
    columns=(
        _column("candidate_id", "id", ID),
        _column("firm", "text", FIRM),
        _column("link_id", "id", LINK),
        _column("read", "text", READ),
        _column("accept", "flag", ACCEPTED),
    ),
    aliases=("suggestions",),
)


@dataclass(frozen=True, slots=True)
class _Row:
    """What a row of the file says, and where: of the firm, of its link."""

    candidate_id: str
    firm: str
    link_id: str
    read: str
    accept: Place
    link: Place


def read_accepted(matches: Matches, path: Path) -> tuple[Accepted, ...]:
    """What was accepted, in the order of the file.

    Raises:
        planner.problems.InputError: the file cannot be read; a firm or a link that there is not; a firm whose name is another's
            (I160); other columns read than for the suggestions (I179); two links for one firm (I161); nothing accepted (I162).
    """
    rows, problems = _from_yaml(path) if path.suffix.lower() in (".yaml", ".yml") else _from_sheet(path)
    firms = {name: at for at, name in enumerate(matches.ids)}
    taken: dict[int, Accepted] = {}
    for row in rows:
        firm, link = firms.get(row.candidate_id, -1), matches.link(row.link_id)
        if firm < 0:
            problems.append(problem("I157", row.accept, row.candidate_id or "∅", row.firm))
        elif fold_name(row.firm) != fold_name(matches.names[firm]):
            problems.append(problem("I160", row.accept, row.candidate_id, row.firm, name=matches.names[firm]))
        elif link < 0:
            problems.append(problem("I158", row.link, matches.names[firm], row.link_id))
        elif row.read != columns_read(matches):
            problems.append(problem("I179", row.accept, matches.names[firm], row.read, read=columns_read(matches)))
        elif not matches.allowed[firm, link]:
            of = matches.chains[link]
            problems.append(problem("I159", row.link, matches.names[firm], row.link_id, chain=of))
        elif (earlier := taken.get(firm)) is not None and earlier.link != link:
            both = Words.listed((matches.links[earlier.link].link_id, row.link_id))
            problems.append(problem("I161", row.accept, matches.names[firm], both=both, other=earlier.place))
        else:
            taken.setdefault(firm, Accepted(firm, link, row.accept))
    if not errors(problems) and not taken:
        problems.append(problem("I162", Place(path.name), ACCEPTED.say(matches.loaded.settings.language)))
    if errors(problems):
        raise InputError(problems)
    return tuple(taken.values())


def _from_sheet(path: Path) -> tuple[list[_Row], list[Problem]]:
    grid, problems = read_grid(path.parent, TableSource.model_construct(file=path.name), _SPEC)
    if grid is None:
        return [], problems
    table, faults = read_source(grid, _SPEC, TableSource.model_construct(file=path.name))
    problems += errors(faults)
    lacking = [column for column in _SPEC.columns if table is not None and column.name not in table.frame.columns]
    problems += [problem("I163", grid.place(), column.zh, header=Words(column.zh, column.en)) for column in lacking]
    if table is None or lacking:
        return [], problems
    frame = table.frame
    return [
        _Row(
            str(frame["candidate_id"][at]),
            str(frame["firm"][at]),
            str(frame["link_id"][at]),
            str(frame["read"][at]),
            table.place(at, "accept"),
            table.place(at, "link_id"),
        )
        for at in range(len(table))
        if frame["accept"][at]
    ], problems


def _from_yaml(path: Path) -> tuple[list[_Row], list[Problem]]:
    document = read_document(path, path.name)
    problems = list(document.problems)
    entries = document.data.get("suggestions")
    if not isinstance(entries, (list, tuple)) or not all(isinstance(entry, Mapping) for entry in entries):
        problems += [] if problems else [problem("I163", Place(path.name), "suggestions", header="suggestions")]
        return [], problems
    rows = []
    for number, entry in enumerate(entries):
        spots = [document.spots.get(("suggestions", number, key)) for key in ("accept", "link_id")]
        accept, link = (Place(path.name) if spot is None else spot.value for spot in spots)
        said = entry.get("accept")
        word = str(said).strip().lower()
        if said is None or said is False or word in FALSE_WORDS:
            continue
        if said is not True and word not in TRUE_WORDS:
            problems.append(problem("I164", accept, "accept", str(said)))
            continue
        own, firm, link_id, read = (str(entry.get(key) or "") for key in ("candidate_id", "firm", "link_id", "read"))
        rows.append(_Row(own, firm, link_id, read, accept, link))
    return rows, problems
