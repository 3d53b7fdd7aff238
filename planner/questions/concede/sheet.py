"""The sheet 底线表: for each firm that was asked about, what can still be conceded."""

from __future__ import annotations

from collections.abc import Sequence

from planner.language import Words
from planner.publish.book.book import Book
from planner.publish.book.columns import Column
from planner.publish.book.table import page_of_one_table
from planner.publish.fields import CANDIDATE, NAME, PARK_NAME, QUARTER, UNIT
from planner.publish.view import View
from planner.publish.words import unit_words
from planner.questions.concede.record import Concessions
from planner.questions.concede.text import INTERNAL, MEANING, PROVED, SEEMS, TURNS, against

SHEET = Words("底线表", "Bottom line")


def write_sheet(book: Book, view: View, answers: Sequence[Concessions]) -> None:
    """A row for each firm and thing that can be conceded, the newest answers first."""
    language = book.language
    rows = [(found, one) for found in reversed(answers) for one in found.concessions]
    if not rows:
        return
    parks = view.park_names

    def proof(proved: bool, shown: bool) -> str | None:
        return (PROVED if proved else SEEMS).say(language) if shown else None

    rooms = [min(one.room, key=lambda room: room.left, default=None) for _, one in rows]
    columns = [
        Column(NAME, [found.name for found, _ in rows], room=22),
        Column(CANDIDATE, [found.candidate_id for found, _ in rows], "short"),
        Column(PARK_NAME, [parks.get(found.park_id, found.park_id) for found, _ in rows], room=16),
        Column(QUARTER, [found.quarter for found, _ in rows], "short"),
        Column(Words("让什么", "What"), [one.name for _, one in rows], "short"),
        Column(UNIT, [unit_words(one.unit).say(language) for _, one in rows], "short"),
        Column(Words("现诉求", "Asks now"), [one.asked for _, one in rows], "mixed"),
        Column(Words("再让仍选它", "More, and kept"), [one.kept for _, one in rows], "mixed"),
        Column(Words("证明", "Proof"), [proof(one.kept_proved, True) for _, one in rows], "short", room=12),
        Column(Words("再让即失", "More, and lost"), [one.lost for _, one in rows], "mixed"),
        Column(
            Words("失于", "How"), [None if one.why_lost is None else TURNS[one.why_lost].say(language) for _, one in rows], room=16
        ),
        Column(
            Words("不动别家时还余", "Left with no other touched"), [None if room is None else room.left for room in rooms], "mixed"
        ),
        Column(Words("最紧季度", "Tightest quarter"), [None if room is None else room.quarter for room in rooms], "short"),
        Column(
            Words("依法能承诺", "Lawful at most"), [None if one.lawful is None else one.lawful.most for _, one in rows], "mixed"
        ),
        Column(Words("次优", "Next best"), [against(found, language) for found, _ in rows], room=44),
    ]
    page, _ = page_of_one_table(book, SHEET, columns, INTERNAL, MEANING)
    page.finish()
