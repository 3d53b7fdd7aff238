"""Dossiers as files: the fullest page that fits, as PDF and DOCX of one content, and an index."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from planner.language import Words
from planner.problems import InputError, NotAllWritten, Problem
from planner.publish.book.book import Book
from planner.publish.book.columns import Column, with_rows
from planner.publish.book.table import page_of_one_table
from planner.publish.desk import Desk
from planner.publish.documents.files import file_name
from planner.publish.documents.model import Document
from planner.publish.documents.typeset import Typesetter
from planner.publish.documents.word import write_docx
from planner.publish.dossiers.cuts import STEPS
from planner.publish.dossiers.here import Here
from planner.publish.dossiers.page import Findings, MapOf, findings, page_of
from planner.publish.map.picture import map_svg

MAP = (84.0, 38.0)
"""Width and height of the map of a park, mm."""
TOO_LONG = "D102"
INDEX = Words("对接单目录", "index of dossiers")
NOT_WRITTEN = Words("没有写出", "not written")
INDEX_NOTE = Words("每个项目一页，文件与本表在同一文件夹", "one page for each project, in the folder of this table")
HEADS = (
    Column(Words("编号", "id"), kind="short"),
    Column(Words("企业", "firm"), room=34),
    Column(Words("环节", "link"), room=20),
    Column(Words("园区", "park"), room=24),
    Column(Words("季度", "quarter"), kind="short"),
    Column(Words("责任人", "owner"), room=24),
    Column(Words("文件", "file"), room=48),
)


@dataclass(frozen=True)
class Pages:
    """What was written, and what of it could not be."""

    files: Mapping[str, tuple[Path, ...]]
    """Of each candidate whose page was written."""
    index: Path | None
    problems: tuple[Problem, ...]
    """Of the others; each says whose page it is of."""

    @property
    def paths(self) -> tuple[Path, ...]:
        """Every file."""
        return (*(path for paths in self.files.values() for path in paths), *([] if self.index is None else [self.index]))

    def checked(self, folder: Path) -> Pages:
        """The same, where every page was written. Raises NotAllWritten: some were not; InputError: none was."""
        if self.problems and not self.files:
            raise InputError(self.problems)
        if self.problems:
            raise NotAllWritten(folder, self.problems)
        return self


def write_pages(desk: Desk, candidates: Sequence[str], folder: Path, kinds: Collection[str]) -> Pages:
    """See :func:`planner.publish.dossiers.write_chosen`."""
    here, map_of, written, problems = Here(desk), maps_of(desk), dict[str, tuple[Path, ...]](), list[Problem]()
    found = [findings(here, candidate_id, desk.language) for candidate_id in dict.fromkeys(candidates)]
    names: dict[str, str] = {}
    for subject in (one.subject for one in found):
        names[subject.candidate_id] = file_name(f"{subject.candidate_id}_{subject.name}", names.values())
    # Typst works without holding Python's lock: the next pages are set while a document for Word is written.
    with Typesetter(desk.templates) as setter, Typesetter(desk.templates) as drawer, ThreadPoolExecutor(1) as setting:
        papers = [setting.submit(fullest, here, one, map_of, setter) for one in found]
        try:
            for (candidate_id, name), paper in zip(names.items(), papers, strict=True):
                try:
                    document, pdf = paper.result()
                    files = {"pdf": pdf, "docx": write_docx(document, drawer) if "docx" in kinds else b""}
                except InputError as error:
                    problems.extend(error.problems)
                    continue
                written[candidate_id] = tuple(folder / f"{name}.{kind}" for kind in files if kind in kinds)
                for path in written[candidate_id]:
                    path.write_bytes(files[path.suffix[1:]])
        finally:
            setting.shutdown(cancel_futures=True)
    index = _write_index(here, names, folder, written) if len(candidates) > 1 and (written or not problems) else None
    return Pages(written, index, tuple(problems))


def maps_of(desk: Desk) -> MapOf:
    """Draws the map of a park, each park once."""

    @cache
    def map_of(park_id: str) -> str | None:
        park = next(park for park in desk.plan.parks if park.park_id == park_id)
        if park.lon is None and park.geometry is None:
            return None
        width, height = MAP
        return map_svg(desk.plan, width_mm=width, height_mm=height, highlight=park_id, candidates=(), language=desk.language)

    return map_of


def fullest(here: Here, found: Findings, map_of: MapOf, typesetter: Typesetter) -> tuple[Document, bytes]:
    """The page with as much as it holds, and its PDF. Raises InputError: not even the shortest lists fit (D102), or it cannot be
    printed."""
    low, high = 0, len(STEPS) - 1
    step, best = low, None
    while True:  # the fullest first, as most pages hold it; then the others by halves
        document = page_of(here, found, STEPS[step], map_of, here.desk.language)
        try:
            best = document, typesetter.pdf(document).pdf
            high = step
        except InputError as error:
            if any(problem.code != TOO_LONG for problem in error.problems) or step == len(STEPS) - 1:
                raise
            low = step + 1
        if low >= high and best is not None:
            return best
        step = (low + high) // 2


def _write_index(here: Here, names: Collection[str], folder: Path, written: Mapping[str, Sequence[Path]]) -> Path:
    """Every project that was asked for; of one without a page, that it was not written."""
    from planner.publish.dossiers.page import owner_of
    from planner.publish.dossiers.subject import subject_of

    language = here.desk.language
    path = folder / f"{INDEX.say(language)}.xlsx"
    rows = []
    for candidate_id in names:
        subject = subject_of(here, candidate_id)
        link, park = ("" if one is None else one.name for one in (subject.link, subject.park))
        files = "  ".join(path.name for path in written.get(candidate_id, ())) or NOT_WRITTEN.say(language)
        rows.append((candidate_id, subject.name, link, park, subject.quarter or "", owner_of(here, subject), files))
    with Book(path, language, INDEX.say(language)) as book:
        page_of_one_table(book, INDEX, with_rows(HEADS, rows), INDEX_NOTE)[0].finish()
    return path
