"""Everything that a delegation takes along, in one folder, whole or not at all."""

from __future__ import annotations

from pathlib import Path

from planner.language import Words
from planner.plan.whole_folder import DELEGATION, cannot_write, look_at, whole_folder
from planner.problems import NotAllWritten, Problem
from planner.publish.delegation.book import write_book
from planner.publish.delegation.document import schedule
from planner.publish.delegation.ics import ics_bytes
from planner.publish.delegation.page import write_index
from planner.publish.delegation.record import Delegation
from planner.publish.delegation.words import span, title
from planner.publish.desk import Desk
from planner.publish.documents.files import file_name, write_documents
from planner.publish.documents.typeset import Typesetter
from planner.publish.dossiers.files import Pages
from planner.publish.map.handout import write_handout_map
from planner.publish.run_folder import moved_aside

FILES = (
    ("schedule.pdf", Words("行程表（PDF）", "Schedule (PDF)")),
    ("schedule.docx", Words("行程表（Word）", "Schedule (Word)")),
    ("route.html", Words("路线图", "Map of the way")),
    ("summary.xlsx", Words("汇总表", "Summary")),
    ("visits.ics", Words("日历文件", "Calendar file")),
)
INDEX, RECORD, DOSSIERS = "index.html", "delegation.json", "dossiers"


def pack_name(found: Delegation) -> str:
    """The name of the folder: cities and first day."""
    return f"{file_name('-'.join(found.cities))}_{found.dates[0]}"  # the day is never cut off: packs of two journeys stand side by side


def route_of(found: Delegation) -> list[tuple[object, ...]]:
    """The stops of the map: name, longitude, latitude, day, arrival, departure. Where a night is spent is one stop."""
    at = {base.name: base for base in found.bases}
    stops: list[tuple[object, ...]] = []
    for group in found.groups:
        slept = None
        for day in (day for day in found.days if day.group == group):
            leaves = day.calls[0].way.leaves if day.calls else day.back.leaves
            if slept != day.start:
                stops.append((day.start, at[day.start].lon, at[day.start].lat, day.date, None, f"{leaves:%H:%M}"))
            for call in day.calls:
                firm = call.firm
                stops.append((firm.name, firm.lon, firm.lat, day.date, f"{call.begins:%H:%M}", f"{call.ends:%H:%M}"))
            stops.append((day.end, at[day.end].lon, at[day.end].lat, day.date, f"{day.back.arrives:%H:%M}", None))
            slept = day.end
    return stops


def write_pack(desk: Desk, found: Delegation, folder: Path) -> Path:
    """Write schedule, map, dossiers, workbook, calendar, page and record into ``folder``, in place of an earlier pack there.

    Raises InputError: something else stands there (J113), it cannot be written, or the schedule cannot be made; NotAllWritten: some
    dossier could not be, or the pack stands beside the folder, which could not be replaced.
    """
    target = look_at(folder, DELEGATION)
    try:
        with whole_folder(target) as whole:
            unwritten = _write(desk, found, whole.fresh)
    except OSError as error:
        raise cannot_write(folder, error) from error
    if problems := (*unwritten, *moved_aside(target, whole)):
        raise NotAllWritten(whole.place, problems)
    return whole.place


def _write(desk: Desk, found: Delegation, folder: Path) -> tuple[Problem, ...]:
    """The problems of dossiers that could not be written."""
    route = route_of(found)
    with Typesetter(desk.templates) as typesetter:
        write_documents({"schedule": schedule(desk, found, route)}, folder, typesetter)
    ids = [key for call in found.calls for key in call.firm.candidate_ids]
    write_handout_map(desk.plan, folder / "route.html", candidates=ids, title=f"{title(found)} {span(found)}", route=route)
    write_book(desk, found, folder / "summary.xlsx")
    (folder / "visits.ics").write_bytes(ics_bytes(found, desk.opened.case.settings.calendar.uid))
    dossiers = _dossiers(desk, ids, folder / DOSSIERS)
    pages = {key: f"{DOSSIERS}/{path.name}" for key, paths in dossiers.files.items() for path in paths if path.suffix == ".pdf"}
    write_index(desk, found, folder / INDEX, FILES, pages)
    (folder / RECORD).write_text(found.model_dump_json(indent=1), encoding="utf-8", newline="\n")
    return dossiers.problems


def _dossiers(desk: Desk, ids: list[str], folder: Path) -> Pages:
    """Write the dossiers of the firms that are visited."""
    from planner.publish.dossiers import write_chosen

    folder.mkdir()
    return write_chosen(desk, ids, folder)
