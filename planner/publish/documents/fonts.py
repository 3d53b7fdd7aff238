"""The one font of all documents: Noto Sans CJK of the package manimgx-fonts-cjk (OFL), complete for GBK, with real bold.

It is a variable font: a renderer that does not set its weight draws it Thin.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

FAMILY = "Noto Sans CJK SC"
REGULAR, BOLD = 400, 700
_IGNORED = re.compile("[\t\n\u00ad\u180e\u200b-\u200f\u2028\u2029\u2060-\u206f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""Never drawn, so no glyph is needed."""
_NOT_IN_PAGES = ["BASE", "GDEF", "GPOS", "GSUB", "VORG", "VVAR", "vhea", "vmtx", "STAT", "DSIG"]
"""Tables for vertical text and for fine typography, which take seconds to cut down."""
_TEXT_TAG = re.compile(r"<(?:text|tspan)\b[^>]*>")
_WEIGHT = re.compile(r"""font-weight\s*[:=]\s*["']?\s*(bold|[6-9]00)""")
_SVG_TEXT = re.compile(r"<(?:text|tspan|title|desc)\b[^>]*>([^<]*)")


@cache
def font_file() -> Path:
    """The file of the font. Raises FileNotFoundError: the package is not installed."""
    spec = find_spec("manimgx_fonts_cjk")
    files = sorted(Path(spec.origin).parent.glob("*.ttc")) if spec is not None and spec.origin else []
    if not files:
        raise FileNotFoundError(
            "安装不完整：缺少字体包 manimgx-fonts-cjk / the installation is not complete: the font package manimgx-fonts-cjk is missing"
        )
    return files[0]


@cache
def _face_number() -> int:
    from fontTools.ttLib import TTCollection

    with TTCollection(font_file(), lazy=True) as collection:
        return next(at for at, font in enumerate(collection.fonts) if font["name"].getDebugName(1) == FAMILY)


@cache
def _glyphs() -> frozenset[int]:
    from fontTools.ttLib import TTFont

    with TTFont(font_file(), fontNumber=_face_number(), lazy=True) as font:
        return frozenset(font.getBestCmap())


@cache
def _shapes(weight: int) -> tuple[Any, Mapping[int, str]]:
    from fontTools.ttLib import TTFont

    font = TTFont(font_file(), fontNumber=_face_number(), lazy=True)
    return font.getGlyphSet(location={"wght": weight}), font.getBestCmap()


@cache
def advance(character: str, weight: int = REGULAR) -> float:
    """How wide a character is, in parts of the size of the text; one that the font has not, as wide as a Chinese one."""
    shapes, names = _shapes(weight)
    name = names.get(ord(character))
    return 1.0 if name is None else float(shapes[name].width) / 1000.0


def missing(text: str) -> tuple[str, ...]:
    """Characters of a text that the font cannot print, each once, in the order in which they come."""
    if text.isascii():
        return ()
    glyphs = _glyphs()
    return tuple(
        dict.fromkeys(one for one in _IGNORED.sub("", text) if ord(one) not in glyphs and unicodedata.category(one) != "Zs")
    )


def svg_texts(svg: str) -> tuple[str, ...]:
    """The texts that an SVG draws, as written there but for XML's entities."""
    from html import unescape

    return tuple(text for text in (unescape(found[1]).strip() for found in _SVG_TEXT.finditer(svg)) if text)


def with_weights(svg: str) -> str:
    """The SVG with the weight of each ``<text>`` that does not set the axis of the variable font, which is else drawn Thin.

    ``font-weight`` on the element decides; weights that come from a style sheet inside the SVG are not looked at.
    """

    def weighted(tag: re.Match[str]) -> str:
        text = tag[0]
        if "font-variation-settings" in text or (text.startswith("<tspan") and not _WEIGHT.search(text)):
            return text
        style = f"font-variation-settings:'wght' {BOLD if _WEIGHT.search(text) else REGULAR}"
        at, end = text.find('style="') + 7, 2 if text.endswith("/>") else 1
        return f"{text[:at]}{style};{text[at:]}" if at > 6 else f'{text[:-end]} style="{style}"{text[-end:]}'

    return _TEXT_TAG.sub(weighted, svg)


def subset_woff2(texts: Iterable[str]) -> bytes:
    """The font cut down to the characters of the texts, as WOFF2 with its weights (100–900), the same bytes for the same characters.

    For pages that have to look alike on machines without a Chinese font.
    """
    from io import BytesIO

    from fontTools import subset
    from fontTools.ttLib import TTFont

    options = subset.Options(flavor="woff2", drop_tables=_NOT_IN_PAGES, layout_features=[], recalc_timestamp=False)
    characters = sorted({ord(one) for text in texts for one in text} | set(range(0x20, 0x7F)))
    with TTFont(font_file(), fontNumber=_face_number(), lazy=True, recalcTimestamp=False) as font:
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=characters)
        cutter.subset(font)
        font.flavor = "woff2"
        file = BytesIO()
        font.save(file)
    return file.getvalue()


def font_face(texts: Iterable[str], family: str = FAMILY) -> str:
    """The CSS rule that embeds :func:`subset_woff2` in a page."""
    from base64 import b64encode

    coded = b64encode(subset_woff2(texts)).decode("ascii")
    source = f'url("data:font/woff2;base64,{coded}") format("woff2")'
    return f'@font-face{{font-family:"{family}";font-weight:100 900;src:{source}}}'
