"""How documents look: ``maps/documents/style.yaml`` and the Typst templates beside it, with those of a bureau's own folder laid over."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planner.content import content_folder
from planner.language import Language, Words
from planner.problems import InputError, Place, Problem
from planner.publish.documents.codes import problem, refusal

STYLE_FILE = "style.yaml"
OF_ONE = ("margins", "sizes")
"""What one kind of document may have of its own."""


@dataclass(frozen=True)
class Style:
    """What ``style.yaml`` says, checked."""

    said: Mapping[str, Any]

    def colour(self, name: str) -> str:
        """``#RRGGBB``."""
        return str(self.said["colours"][name])

    def size(self, name: str) -> float:
        """Points."""
        return float(self.said["sizes"][name])

    def words(self, name: str, language: Language, **values: str) -> str:
        """A line of the page, such as ``footer``, its ``{places}`` filled; a place that is not given stays."""
        text = str(self.said[name][language])
        for key, value in values.items():
            text = text.replace(f"{{{key}}}", value)
        return text

    def template(self, name: str) -> tuple[str, int | None]:
        """File of a template and the pages its documents may take; None: any number."""
        entry = self.said["documents"][name]
        return entry["template"], entry["pages"]

    def beside(self, name: str) -> list[list[str]]:
        """Columns of sections, by their keys, that stand beside each other in a DOCX; none where the entry names none."""
        columns: list[list[str]] = self.said["documents"][name].get("beside", [])
        return columns

    def of(self, name: str) -> Style:
        """The style of one kind of document: with the margins and sizes of its own, where its entry has them."""
        entry = self.said["documents"][name]
        return Style({**self.said, **{key: {**self.said[key], **entry[key]} for key in OF_ONE if key in entry}})

    def in_language(self, language: Language) -> dict[str, Any]:
        """What templates read: as ``style.yaml``, its words in one language."""
        return {key: entry[language] if set(entry) == {"zh", "en"} else entry for key, entry in self.said.items()}


def shipped() -> Path:
    """The folder of the shipped templates."""
    return content_folder("maps") / "documents"


def copy_templates(own: Path | None, to: Path) -> Style:
    """Put the shipped templates into ``to``, those of a bureau's folder over them; returns the style of both.

    Raises:
        InputError: ``own`` is no folder or holds other files (D103), or a style is not usable (D104).
    """
    base = shipped()
    names = {path.name for path in base.iterdir()}
    for name in sorted(names):
        shutil.copyfile(base / name, to / name)
    said = _read(base / STYLE_FILE)
    if own is None:
        return Style(said)
    if not own.is_dir():
        raise refusal("D103", Place(str(own)), "templates", remedy=Words("没有这个文件夹", "there is no such folder"))
    files = sorted(path for path in own.iterdir() if not path.name.startswith("."))
    strange = [
        path
        for path in files
        if not path.is_file() or path.suffix not in {".typ", ".yaml"} or (path.suffix == ".yaml" and path.name != STYLE_FILE)
    ]
    if strange:
        remedy = Words("移走其他文件", "move the others away")
        raise InputError(problem("D103", Place(str(path)), "templates", path.name, remedy=remedy) for path in strange)
    for path in files:
        if path.name == STYLE_FILE:
            changed = _read(path)
            found = list(_misfits(said, changed, path))
            if found:
                raise InputError(found)
            said = _merged(said, changed)
        else:
            shutil.copyfile(path, to / path.name)
    lost = [name for name, entry in said["documents"].items() if not (to / entry["template"]).is_file()]
    if lost:
        rule = Words("documents 下每个模板须有其 .typ 文件", "each template under documents has its .typ file")
        raise refusal(
            "D104", Place(str(own / STYLE_FILE)), f"documents.{lost[0]}", said["documents"][lost[0]]["template"], rule=rule
        )
    return Style(said)


def _read(path: Path) -> dict[str, Any]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError

    try:
        said = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except (MarkedYAMLError, UnicodeDecodeError) as error:
        raise refusal("D104", Place(str(path)), "", str(error)[:160], rule=Words("须为 YAML", "it is YAML")) from error
    return said if isinstance(said, dict) else {}


def _merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    both = {key: _merged(base[key], entry) if isinstance(entry, dict) and key in base else entry for key, entry in over.items()}
    return {**base, **both}


def _misfits(
    base: Mapping[str, Any], over: Mapping[str, Any], path: Path, above: str = "", whole: Mapping[str, Any] | None = None
) -> list[Problem]:
    """Keys that the shipped style does not have, and values of another kind; a new document is free to be named, and each may have
    margins and sizes of its own."""
    found: list[Problem] = []
    whole = base if whole is None else whole
    for key, entry in over.items():
        name, known = f"{above}{key}", base.get(key)
        if above == "documents.":
            own = {key: whole[key] for key in OF_ONE}
            known = {"template": "", "pages": None, "beside": [], **(known or {}), **own}
        if known is None and not (key in base and key == "pages"):
            rule = Words("可用的键：{keys}", "the keys are {keys}").fill(keys=", ".join(map(str, base)))
            found.append(problem("D104", Place(str(path)), name, "", rule=rule))
        elif key == "pages":
            if not (entry is None or (type(entry) is int and entry > 0)):
                found.append(
                    problem(
                        "D104",
                        Place(str(path)),
                        name,
                        str(entry),
                        rule=Words("须为正整数或 null", "a whole number from 1 on, or null"),
                    )
                )
        elif isinstance(known, dict) and isinstance(entry, dict):
            found += _misfits(known, entry, path, f"{name}.", whole)
        elif not _alike(known, entry):
            rule = Words("写法须同随附的值 {known}", "it is written as the shipped value {known} is").fill(known=str(known))
            found.append(problem("D104", Place(str(path)), name, str(entry), rule=rule))
    return found


def _alike(known: Any, entry: Any) -> bool:
    if isinstance(known, str):
        colour = known.startswith("#")
        return isinstance(entry, str) and (
            not colour or (len(entry) == 7 and entry[0] == "#" and all(one in "0123456789abcdefABCDEF" for one in entry[1:]))
        )
    return isinstance(known, (int, float)) and isinstance(entry, (int, float)) and not isinstance(entry, bool) and entry > 0
