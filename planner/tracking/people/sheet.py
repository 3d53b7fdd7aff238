"""The responsibility table as a workbook: chains, projects, loads, gaps."""

from __future__ import annotations

from pathlib import Path

from planner.language import Language, Words
from planner.plan.whole_folder import whole_file
from planner.publish.book.book import Book
from planner.publish.book.columns import Column, with_rows
from planner.publish.book.table import page_of_one_table
from planner.tracking.people.record import Responsibility
from planner.tracking.people.words import CAUSES, FIT_WORDS, VACANT, post_words

TITLE = Words("责任表 {plan}", "Who answers for what: {plan}")
_CHAIN, _ROLE, _LEVEL = Words("产业链", "Chain"), Words("角色", "Role"), Words("层级", "Level")
_PERSON, _PARK, _PROJECT = Words("姓名或单位", "Person or office"), Words("园区", "Park"), Words("项目", "Project")
_BEFORE, _NOT_KEPT = Words("原责任人", "Owner before"), Words("未保留的原因", "Why not kept")
_SELDOM = (_BEFORE, _NOT_KEPT)
"""Headings of columns that are left out where they say nothing."""
_CHAINS = (
    Column(_CHAIN, room=16),
    Column(_ROLE, room=14),
    Column(_LEVEL, kind="short"),
    Column(_PERSON, room=30),
    Column(Words("范围", "Scope"), room=40),
    Column(Words("联系方式", "Contact"), room=20),
)
_PROJECTS = (
    Column(Words("编号", "Id"), kind="short"),
    Column(_PROJECT, room=28),
    Column(_CHAIN, room=14),
    Column(Words("环节", "Link"), room=16),
    Column(_PARK, room=18),
    Column(Words("签约季度", "Quarter"), kind="short"),
    Column(Words("责任人", "Owner"), room=24),
    Column(Words("为何合适", "Why"), room=20),
    Column(_BEFORE, room=20),
    Column(_NOT_KEPT, room=22),
    Column(Words("向上的各级", "Above"), room=44),
)
_LOADS = (
    Column(_PERSON, room=30),
    Column(_ROLE, room=20),
    Column(Words("负责项目数", "Projects"), kind="count", total=True),
    Column(Words("容量", "Capacity"), kind="count"),
    Column(Words("占用", "Used"), kind="share", bar=True),
    Column(Words("项目编号", "Project ids"), room=60),
)
_GAPS = (
    Column(Words("编号", "Id"), kind="short"),
    Column(_PROJECT, room=30),
    Column(_CHAIN, room=16),
    Column(_PARK, room=20),
    Column(Words("原因", "Cause"), room=40),
    Column(Words("已满的人", "Who is full"), room=40),
)
_OF_CHAINS = Words(
    "每条产业链的每个角色与层级；空缺以红色标出。次序见 plan.yaml 的 people.roles 与 people.levels。",
    "Every role and level of every chain; what is vacant is red. Their order is that of people.roles and people.levels in plan.yaml.",
)
_OF_PROJECTS = Words(
    "每个选中的项目至多一个责任人：先使有责任人的项目最多，再使保留的原责任人最多，再使不合适之和最小，最后使各人负荷最均。这是证明了的最优分派。",
    "Each selected project has one owner at most: first as many projects as can be have one, then as many as can be keep theirs, then the sum "
    "of lacking fit is least, and last loads are as even as can be. The assignment is proved the best by that order.",
)


def write_book(found: Responsibility, path: Path, language: Language) -> None:
    """Write the workbook, whole or not at all. Raises InputError: it cannot be written."""
    title = TITLE.say(language, plan=found.plan)
    with whole_file(path) as fresh, Book(fresh, language, title, seal=found.seal) as book:
        _chains(book, found)
        _projects(book, found)
        _loads(book, found)
        if found.gaps:
            _gaps(book, found)


def _chains(book: Book, found: Responsibility) -> None:
    rows: list[list[str | None]] = []
    tones: list[str | None] = []
    vacant = VACANT.say(book.language)
    for one in found.chains:
        for post in one.posts:
            rows.append([one.chain_name, one.role, one.level or None, post.person, post.scope or None, post.contact or None])
            tones.append(None)
        if not one.posts:
            rows.append([one.chain_name, one.role, one.level or None, vacant, None, None])
            tones.append("error")
    page_of_one_table(book, Words("产业链责任", "Chains"), with_rows(_CHAINS, rows), _OF_CHAINS, tones=tones)[0].finish()


def _projects(book: Book, found: Responsibility) -> None:
    rows, vacant = [], VACANT.say(book.language)
    for one in found.projects:
        above = Words.listed(post_words(post) for post in one.upward).say(book.language)
        fit = None if one.fit is None else FIT_WORDS[one.fit].say(book.language)
        why = None if one.not_kept is None else CAUSES[one.not_kept].say(book.language)
        place = [one.candidate_id, one.name, one.chain_name, one.link_name, one.park_name, one.quarter]
        rows.append([*place, one.owner or vacant, fit, one.had, why, above or None])
    tones = ["error" if one.owner is None else None for one in found.projects]
    columns = [one for one in with_rows(_PROJECTS, rows) if any(one.values) or one.title not in _SELDOM]
    page_of_one_table(book, Words("项目责任", "Projects"), columns, _OF_PROJECTS, tones=tones)[0].finish()


def _loads(book: Book, found: Responsibility) -> None:
    rows = [
        [
            one.person,
            Words.listed(one.roles).say(book.language),
            one.load,
            one.capacity,
            one.load / one.capacity if one.capacity else None,
            Words.listed(one.projects).say(book.language) or None,
        ]
        for one in found.loads
    ]
    page_of_one_table(book, Words("负荷", "Loads"), with_rows(_LOADS, rows))[0].finish()


def _gaps(book: Book, found: Responsibility) -> None:
    rows = [
        [
            one.candidate_id,
            one.name,
            one.chain_name,
            one.park_name,
            CAUSES[one.cause].say(book.language),
            Words.listed(one.full).say(book.language) or None,
        ]
        for one in found.gaps
    ]
    page_of_one_table(book, Words("缺口", "Gaps"), with_rows(_GAPS, rows))[0].finish()
