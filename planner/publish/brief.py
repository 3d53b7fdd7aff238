"""One page for the chief, as PDF and DOCX, and slides of the same: the output ``brief``."""

from __future__ import annotations

from pathlib import Path

from planner.publish.desk import Desk
from planner.publish.documents.files import write_documents
from planner.publish.documents.slides import write_pptx
from planner.publish.documents.typeset import Typesetter
from planner.publish.reports.chief import chief_page, chief_slides
from planner.publish.reports.money import Money

NAME = "brief"


def write_brief(desk: Desk, folder: Path, money: Money | None = None) -> None:
    """Write the page into ``folder``; ``money``: what answers to questions say that more money buys.

    Raises InputError: as :func:`planner.publish.documents.files.write_documents`.
    """
    page = chief_page(desk.view, money or Money())
    with Typesetter(desk.templates) as typesetter:
        write_documents({NAME: page}, folder, typesetter)
        (folder / f"{NAME}.pptx").write_bytes(write_pptx(chief_slides(desk.view, money or Money()), typesetter))
