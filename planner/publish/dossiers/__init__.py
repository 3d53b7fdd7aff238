"""Firm dossiers, one page each, for any candidate: the output ``dossiers`` and the command ``planner dossier``."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planner.publish.desk import Desk
    from planner.publish.dossiers.files import Pages


def write_dossiers(desk: Desk, folder: Path) -> None:
    """Write the page of every selected firm into ``folder``, as PDF and DOCX, and an index of them.

    Raises NotAllWritten: with the problems of the pages that could not be written, when the others are; InputError: none could be.
    """
    write_chosen(desk, [firm.candidate_id for firm in desk.plan.selected], folder).checked(folder)


def write_chosen(desk: Desk, candidates: Sequence[str], folder: Path, kinds: Collection[str] = ("pdf", "docx")) -> Pages:
    """The same for candidates of any kind, by their ids: what was written, an index too where there are several firms, and the problems of the
    pages that could not be."""
    from planner.publish.dossiers.files import write_pages

    return write_pages(desk, candidates, folder, kinds)


def make_dossiers(
    run: str | Path,
    candidates: Sequence[str] = (),
    out: str | Path | None = None,
    kinds: Collection[str] = ("pdf", "docx"),
    plan_file: str | Path | None = None,
) -> list[Path]:
    """Pages of candidates of a finished run, each named by its id or its whole name, without any those of every candidate; into ``out``,
    else into ``dossiers`` of the run folder, where each replaces its like.

    Raises InputError: see :func:`planner.publish.desk.open_desk`; no candidate is called so (F101), or several are (F102); no page can be
    written. NotAllWritten: some cannot.
    """
    from planner.plan.whole_folder import cannot_write, workplace
    from planner.publish.desk import open_desk
    from planner.publish.dossiers.find import find

    desk = open_desk(run, plan_file)
    chosen = find(desk, candidates) if candidates else list(desk.opened.case.candidates["candidate_id"].astype(str))
    folder = Path(run) / "dossiers" if out is None else Path(out)
    try:
        with workplace(folder) as fresh:
            pages = write_chosen(desk, chosen, fresh, kinds)
            placed = [path.replace(folder / path.name) for path in pages.paths]
            pages.checked(folder)
            return placed
    except OSError as error:
        raise cannot_write(folder, error) from error
