"""Documents written to a folder, each as PDF and DOCX, under names that are safe on every system."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from planner.problems import InputError, Problem
from planner.publish.documents.model import Document
from planner.publish.documents.typeset import Typesetter
from planner.publish.documents.word import write_docx

_UNSAFE = re.compile(r"[^\w（）()-]+")
_LONGEST = 40
"""Characters of a name: a Chinese one takes three bytes of the 255 that a file name may have."""
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


def file_name(text: str, taken: Iterable[str] = ()) -> str:
    """A text of the input as a file name without its ending (R6), other than those ``taken`` whatever its case."""
    name = _UNSAFE.sub("_", text).strip("_")[:_LONGEST] or "_"
    name = f"{name}_" if _RESERVED.fullmatch(name) else name
    used, wanted, number = {one.casefold() for one in taken}, name, 1
    while name.casefold() in used:
        number += 1
        name = f"{wanted}-{number}"
    return name


def write_documents(documents: Mapping[str, Document], folder: Path, typesetter: Typesetter) -> None:
    """Write documents (name without ending → content) as PDF and DOCX.

    Raises InputError: with the problems of all documents that could not be written; nothing is then to be taken for whole.
    """
    problems: list[Problem] = []
    for name, document in documents.items():
        try:
            (folder / f"{name}.pdf").write_bytes(typesetter.pdf(document).pdf)
            (folder / f"{name}.docx").write_bytes(write_docx(document, typesetter))
        except InputError as error:
            problems.extend(error.problems)
    if problems:
        raise InputError(problems)
