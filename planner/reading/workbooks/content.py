"""What a file is, by its bytes: programs export web pages and plain text under the names of workbooks, and mail programs rename."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass

from planner.language import Words
from planner.problems import Place, Problem
from planner.tables.codes import problem

_ZIP, _OLE = (b"PK\x03\x04", b"PK\x05\x06"), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_RENAME = Words("把扩展名改为 {kind}", "rename it to end in {kind}")
_SAVE = Words("用 Excel 或 WPS 打开，另存为 .xlsx", "open it in Excel or WPS and save it as .xlsx")


@dataclass(frozen=True, slots=True)
class Content:
    """``kind`` is the extension that fits, ``""`` where nothing here reads it; ``what`` says it in words."""

    kind: str
    what: Words

    @property
    def remedy(self) -> Words:
        """What to do where the file is called otherwise."""
        return _RENAME.fill(kind=self.kind) if self.kind and self is not _WIDE else _SAVE


_XLSX = Content(".xlsx", Words("Excel 工作簿", "an Excel workbook"))
_XLS = Content(".xls", Words("旧版 Excel 工作簿", "a workbook of the old Excel"))
_ODS = Content(".ods", Words("OpenDocument 工作簿", "an OpenDocument workbook"))
_TEXT = Content(".csv", Words("文字（CSV）", "plain text (CSV)"))
_WIDE = Content(".csv", Words("UTF-16 文字", "text in UTF-16"))
_STARTS: tuple[tuple[bytes, Content], ...] = (
    (b"%PDF", Content("", Words("PDF 文档", "a PDF document"))),
    (b"Rar!", Content("", Words("压缩包", "an archive"))),
    (b"7z\xbc\xaf", Content("", Words("压缩包", "an archive"))),
    (b"\x89PNG", Content("", Words("图片", "a picture"))),
    (b"\xff\xd8\xff", Content("", Words("图片", "a picture"))),
    (b"SQLite format 3\0", Content(".gpkg", Words("SQLite 数据库或 GeoPackage", "an SQLite database or GeoPackage"))),
)
_PARTS: tuple[tuple[str, Content], ...] = (
    ("xl/workbook.xml", _XLSX),
    ("xl/workbook.bin", Content("", Words("二进制工作簿（.xlsb）", "a binary workbook (.xlsb)"))),
    ("word/document.xml", Content("", Words("Word 文档", "a Word document"))),
    ("ppt/presentation.xml", Content("", Words("演示文稿", "a presentation"))),
    ("Index/Document.iwa", Content("", Words("Numbers 表格", "a Numbers sheet"))),
    ("content.xml", _ODS),
)
_WEB = re.compile(rb"<(?:!doctype\s+html|html|head|table|meta|style|body|div)\b", re.I)
_FLAT = re.compile(rb"urn:schemas-microsoft-com:office:spreadsheet|<office:document\b|mso-application")
WORKBOOK_KINDS = frozenset({".xlsx", ".xls", ".ods"})
PASSWORD = Content("", Words("文件有密码", "it has a password"))
UNLOCK = Words("用原来的软件打开，去掉密码后另存", "open it in its own program, remove the password and save it")
SAVE_AGAIN = Words("用原来的软件打开、另存后重试", "open it in its own program, save it again and retry")


def unreadable(name: str, why: Words, remedy: Words = SAVE_AGAIN) -> Problem:
    """A file that cannot be read (``T102``), and what is done about that reason."""
    return problem("T102", Place(name), "", why=why, remedy=remedy)


def content_of(data: bytes) -> Content | None:
    """What the bytes are; None where they fit nothing known. A zip that does not open is taken for a workbook cut short."""
    if data.startswith(_ZIP):
        return _zipped(data)
    if data.startswith(_OLE):
        return _old(data)
    known = next((content for start, content in _STARTS if data.startswith(start)), None)
    if known is not None:
        return known
    head = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _WIDE
    if head.startswith((b"<?", b"<Workbook", b"<office")) and _FLAT.search(head):
        return Content("", Words("XML 表格", "a sheet in XML"))
    if _WEB.match(head) or head.startswith(b"MIME-Version:") or (head.startswith(b"<") and _WEB.search(head)):
        return Content("", Words("网页（HTML）", "a web page (HTML)"))
    if head.startswith((b"{", b"[{")) and b":" in head:
        return Content(".geojson", Words("JSON", "JSON"))
    return _TEXT if re.search(rb"[,;\t|\n]", head) and not re.search(rb"[\x00-\x08\x0e-\x1a]", head) else None


def _zipped(data: bytes) -> Content | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            names = set(parts.namelist())
            manifest = parts.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in names else b""
    except Exception:
        return _XLSX
    if b"encryption-data" in manifest:
        return PASSWORD
    found = next((content for part, content in _PARTS if part in names), None)
    return found or Content("", Words("压缩包", "an archive"))


def _old(data: bytes) -> Content:
    """Of the container that Office used before: what it holds is told by the names in its directory."""
    held = {name for name in ("EncryptedPackage", "Workbook", "Book", "WordDocument") if name.encode("utf-16-le") in data}
    if "EncryptedPackage" in held:
        return PASSWORD
    return _XLS if {"Workbook", "Book"} & held else Content("", Words("旧版 Office 文档", "a document of the old Office"))
