"""Reports about a plan: one page for the chief, the plan by quarters, each chain; the output ``report``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from planner.publish.reports.money import Money

if TYPE_CHECKING:
    from planner.publish.desk import Desk


def write_report(desk: Desk, folder: Path, money: Money | None = None) -> None:
    """Write the report on the plan and two on each chain into ``folder``; ``money``: what answers say that more money buys.

    Raises InputError: as :func:`planner.publish.documents.files.write_documents`.
    """
    from planner.language import Words
    from planner.publish.documents.files import file_name, write_documents
    from planner.publish.documents.typeset import Typesetter
    from planner.publish.reports.chain import analysis_report, targets_report
    from planner.publish.reports.charts import OF_ANALYSIS, OF_TARGETS, sheets_of
    from planner.publish.reports.quarterly import plan_report

    view = desk.view
    documents = {Words("招商计划报告", "plan").say(view.language): plan_report(view, money or Money())}
    for chain in view.plan.chains:
        for name, report, charts in (
            (Words("招商报告", "targets"), targets_report, OF_TARGETS),
            (Words("分析报告", "analysis"), analysis_report, OF_ANALYSIS),
        ):
            wanted = file_name(f"{name.say(view.language)}-{chain.name}", documents)
            documents[wanted] = report(view, chain, tuple(sheets_of(desk, chain, charts)))
    with Typesetter(desk.templates) as typesetter:
        write_documents(documents, folder, typesetter)
