"""``planner delegation``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from planner.questions.commands import DataOf, RunFolder, guarded, language_at, print_problems, say


def delegation(
    run: RunFolder,
    city: Annotated[
        list[str], typer.Option("--city", metavar="CITY", help="去哪些城市（也可写省），可重复 / cities or provinces, repeatable")
    ],
    days: Annotated[int, typer.Option("--days", metavar="N", help="几个工作日 / working days")] = 3,
    team: Annotated[
        list[str] | None,
        typer.Option("--team", metavar="T", help="哪些专班去，各访各的企业，可重复 / teams that travel, each to its own firms"),
    ] = None,
    start: Annotated[
        list[str] | None,
        typer.Option(
            "--start",
            metavar="DAY|TIME|PLACE",
            help="从哪天、几点、哪里开始：2027-03-08、13:30、宝安机场=113.81,22.64，可重复 / first day, time, place, repeatable",
        ),
    ] = None,
    end: Annotated[
        list[str] | None,
        typer.Option("--end", metavar="TIME|PLACE", help="末日几点、在哪里结束，写法同上 / time and place of the end"),
    ] = None,
    base: Annotated[
        list[str] | None,
        typer.Option("--base", metavar="PLACE", help="住处：名称=经度,纬度，可重复 / where nights are spent, repeatable"),
    ] = None,
    also: Annotated[
        list[str] | None,
        typer.Option(
            "--also",
            metavar="ID|all",
            help="也拜访计划未选的这些项目；all 即值得一访的各个 / candidates left out that are visited too",
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="写到此目录；省略即 RUN/delegations/城市_日期 / the folder to write")
    ] = None,
    plan: DataOf = None,
) -> None:
    """招商小分队：访哪些企业、何时、怎么走；行程表、路线图、一页纸、日历 / a delegation: schedule, map, dossiers, calendar file."""
    from planner.publish.delegation.record import Delegation
    from planner.publish.delegation.write import FILES, INDEX, pack_name
    from planner.publish.desk import open_desk
    from planner.tracking.delegation import ask
    from planner.tracking.delegation.text import delegation_text

    language = language_at(run / "settings.yaml" if plan is None else plan)

    def work() -> tuple[Delegation, Path]:
        desk = open_desk(run, plan)
        print_problems(desk.opened.warnings, language)
        found = ask.delegation(desk, city, days, team or (), also or (), start or (), end or (), base or ())
        say(delegation_text(found, language))
        return found, ask.write_delegation(desk, found, out or run / "delegations" / pack_name(found))

    _, written = guarded(language, work)
    for name in (INDEX, *(name for name, _ in FILES)):
        say(str(written / name))
