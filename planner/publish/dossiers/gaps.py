"""What we do not know of a firm and must ask: the bureau's own questions first, then what the tables leave blank that matters here."""

from __future__ import annotations

import re
from collections.abc import Iterator

from planner.language import Language, Words
from planner.publish.dossiers.freight import Freight
from planner.publish.dossiers.here import Here
from planner.publish.dossiers.subject import Subject

FIGURES = (
    ("capacity", Words("达产后年供给能力（万元）", "yearly supply at full output (CNY 10k)")),
    ("investment", Words("计划投资额", "planned investment")),
    ("output", Words("达产产值", "yearly output")),
    ("jobs", Words("用工人数、工种与时间", "jobs: how many, which trades, by when")),
    ("tax", Words("预计年税收", "expected yearly tax")),
)
NEED = Words("{resource}需求", "need of {resource}")
LINK = Words("所属环节", "the link it belongs to")
HOME = Words("现有工厂所在地", "where its plant is now")
CLASS = Words("企业类别（专精特新等），关系到政策是否适用", "its class, on which some offers depend")
TONNAGE = Words("每万元产品和原料的货运量（吨）", "tonnes moved for each 万元 of goods")
SOURCES = Words("现有供应商、采购地与采购量", "its suppliers today: where and how much")
TECHNOLOGY = Words("采用的技术路线与来源", "the technology it uses and whose it is")
_BETWEEN = re.compile(r"[;；\n]+")


def questions(here: Here, subject: Subject, freight: Freight, asks_class: bool, language: Language) -> tuple[str, ...]:
    """All of them, what matters most first."""
    own = (part.strip() for part in _BETWEEN.split(subject.row.text("questions")))
    blank = (words.say(language) for words in _blanks(here, subject, freight, asks_class))
    return tuple(dict.fromkeys(question for question in (*own, *blank) if question))


def _blanks(here: Here, subject: Subject, freight: Freight, asks_class: bool) -> Iterator[Words]:
    if subject.link is None:
        yield LINK
    yield from (words for name, words in FIGURES if subject.figures[name] is None)
    for resource in here.plan.resources:
        if subject.needs.get(resource.resource_id) is None:
            yield NEED.fill(resource=resource.name)
    if subject.home.lon is None and not subject.row.text("city"):
        yield HOME
    if asks_class:
        yield CLASS
    if "tonnage" in (*freight.lacking(True), *freight.lacking(False)):
        yield TONNAGE
    yield SOURCES
    if subject.link is not None and not here.technologies.get(subject.link.link_id):
        yield TECHNOLOGY
