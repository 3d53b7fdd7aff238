"""Words and figures that the answers to several questions share."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from planner.language import Language, Words
from planner.plan.diff import Named

CAME, LEFT = Words("引入", "comes"), Words("退出", "leaves")
DASH = "—"
INTERRUPTED = Words("已中断", "interrupted")


def names(several: Iterable[Named], language: Language, most: int | None = None) -> str:
    """``甲公司（K001）、…``; beyond ``most`` they are counted."""
    shown = [named.name + bracketed(named.id, language) if named.name != named.id else named.id for named in several]
    if most is not None and len(shown) > most:
        shown = [*shown[:most], Words("另 {n} 个", "{n} more").say(language, n=len(shown) - most)]
    return Words.listed(shown).say(language)


def sides(language: Language, most: int | None, *several: tuple[Words, Iterable[Named]]) -> list[str]:
    """``引入 甲公司（K001）``: each side on which there is somebody."""
    said = ((word, names(firms, language, most)) for word, firms in several)
    return [f"{word.say(language)} {firms}" for word, firms in said if firms]


def bracketed(text: str, language: Language) -> str:
    """``（文）``, or `` (text)``; nothing of nothing."""
    return "" if not text else f"（{text}）" if language == "zh" else f" ({text})"


def aligned(rows: Sequence[Sequence[str]], right: Sequence[bool]) -> str:
    """Rows of cells under each other in a terminal with Chinese characters."""
    from rich.cells import cell_len

    widths = [max(cell_len(row[n]) for row in rows) for n in range(len(right))]

    def cell(text: str, n: int) -> str:
        space = " " * (widths[n] - cell_len(text))
        return space + text if right[n] else text + space

    return "\n".join("  ".join(cell(text, n) for n, text in enumerate(row)).rstrip() for row in rows)


def table(language: Language, *columns: tuple[Words, Sequence[str], bool]) -> str:
    """Columns beside each other in a terminal: heading, cells, and whether they stand on the right."""
    heads = [heading.say(language) for heading, _, _ in columns]
    rows = zip(*(cells for _, cells, _ in columns), strict=True)
    return aligned([heads, *rows], [right for _, _, right in columns])


def decimals(values: Sequence[float]) -> int:
    """Decimals that tell the largest of the values to four figures."""
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    return 0 if largest == 0 else min(9, max(0, 3 - math.floor(math.log10(largest))))


def plain(value: float, places: int) -> str:
    """A figure with so many decimals."""
    return f"{value:,.{places}f}"
