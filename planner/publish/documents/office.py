"""Office files that are alike each time they are written (R8)."""

from __future__ import annotations

import io
import re
import zipfile

from planner.publish.undated import CREATED

_DAY = CREATED.timetuple()[:6]
_MOMENT = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def same_bytes(file: bytes) -> bytes:
    """An Office file with its parts in order of their names, all dates of its archive fixed, and those in its properties; workbooks
    behind charts within it likewise."""
    fresh = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file)) as old, zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as new:
        names = sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        for name in names:
            entry = zipfile.ZipInfo(name, _DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            part = old.read(name)
            if name.endswith(".xlsx"):
                part = same_bytes(part)
            elif name == "docProps/core.xml":
                part = _MOMENT.sub(rb"\g<1>2000-01-01T00:00:00Z", part)
            new.writestr(entry, part)
    return fresh.getvalue()
