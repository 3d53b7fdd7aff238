"""Charts of the chains: what each link has and lacks, who comes when and from where, as SVG and as pages that need no network.

``charts`` is a folder: ``index.html``, which leads to all others, ``region.html``, a page for each chain, and every sheet as SVG.
"""

from __future__ import annotations

from pathlib import Path

from planner.publish.desk import Desk


def write_charts(desk: Desk, folder: Path) -> None:
    """Write every chart of a plan; the same plan and tables give the same bytes.

    Raises:
        NotOfflineError: a page would reach for something outside the folder: a mistake of this program, never of the input.
    """
    from planner.publish.charts.pages import pages_of

    (folder / "svg").mkdir()
    for name, text in pages_of(desk).items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
