"""What a shapefile says beside its shapes: which files belong to it, and in which encoding its texts are."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from planner.language import Words
from planner.problems import Place, Problem
from planner.reading.encodings import best_guess
from planner.reading.workbooks.content import unreadable
from planner.settings.base import ENCODINGS, Encoding, usual_encoding
from planner.tables.codes import problem

SHAPEFILE = ".shp"
_NEEDED = (".shx", ".dbf")
"""Files without which a shapefile has no shapes or no attributes."""
_PARTS = (SHAPEFILE, *_NEEDED, ".prj", ".cpg")
_OF_MARK: Mapping[int, Encoding] = MappingProxyType(
    {
        0x4D: "gb18030",
        0x7A: "gb18030",
        0x4F: "big5",
        0x78: "big5",
        0x13: "shift_jis",
        0x7B: "shift_jis",
        0x4E: "euc-kr",
        0x79: "euc-kr",
    }
)
"""What the mark in byte 29 of a .dbf says where it is that of one language; others mean "as on that computer"."""
_HEADER, _MARK = 32, 29
"""Bytes of the header of a .dbf, of each descriptor of a field after it; and where the mark is."""
_GUESSED: tuple[Encoding, ...] = ("utf-8", "gb18030", "big5", "shift_jis", "euc-kr")


def parts_of(path: Path) -> dict[str, Path]:
    """The files of a shapefile by suffix."""
    beside = (file for file in path.parent.iterdir() if file.stem == path.stem and file.suffix.lower() in _PARTS)
    return {file.suffix.lower(): file for file in sorted(beside)}


def digest(path: Path) -> str:
    """SHA-256 of all parts: each of them can change what is read."""
    return sha256(b"".join(part.read_bytes() for part in parts_of(path).values())).hexdigest()


def encoding_of(path: Path, stated: Encoding | None, name: str) -> Encoding | Problem | None:
    """The encoding of the texts: what the plan has ``stated``, else what .cpg or .dbf say; None where all is plain ASCII.
    A problem where a part is missing (``T102``), or there are other texts and nothing says their encoding (``T231``)."""
    parts = parts_of(path)
    missing = "、".join(f"{path.stem}{suffix}" for suffix in _NEEDED if suffix not in parts)
    if missing:
        why = Words(f"缺少 {missing}，它要与 .shp 放在一起", f"{missing} is missing, which belongs beside it")
        return unreadable(name, why, Words("把各部分放到同一文件夹", "put all parts into one folder"))
    if stated:
        return stated
    data = parts[".dbf"].read_bytes()
    told = usual_encoding(parts[".cpg"].read_text("latin-1").strip()) if ".cpg" in parts else _OF_MARK.get(data[_MARK])
    known = next((encoding for encoding in ENCODINGS if encoding == told), None)
    if known is not None:
        return known
    start = int.from_bytes(data[8:10], "little")
    names = b"\n".join(data[at : at + 11] for at in range(_HEADER, start, _HEADER))
    texts = (names + b"\n" + data[start:]).replace(b"\0", b" ").replace(b"\x1a", b" ")
    if texts.isascii():
        return None
    return problem("T231", Place(name), name, near=best_guess(texts, _GUESSED) or "gb18030")
