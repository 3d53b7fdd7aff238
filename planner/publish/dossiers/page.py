"""One page on one firm, as content: made from a plan and its tables alone, so that it can be tested without a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from planner.language import Language
from planner.publish.documents.model import Document, Fact, Facts, Note, Section, Value
from planner.publish.dossiers import words
from planner.publish.dossiers.cuts import Cuts
from planner.publish.dossiers.factors import Materials, OfResource, materials_of, resources_of
from planner.publish.dossiers.freight import Freight, freight_of
from planner.publish.dossiers.gaps import questions
from planner.publish.dossiers.here import Here
from planner.publish.dossiers.notes import Sources, cash
from planner.publish.dossiers.partners import Side, buyers, suppliers
from planner.publish.dossiers.sections.needs import factors_section, labour_section
from planner.publish.dossiers.sections.terms import offers_section, park_section, talk_section
from planner.publish.dossiers.sections.trade import chain_section, trade_section
from planner.publish.dossiers.subject import Subject, subject_of
from planner.publish.offers import Offer, screened
from planner.publish.words import COMMA

MapOf = Callable[[str], str | None]
"""Park id → its map as SVG; None: none is drawn."""


@dataclass(frozen=True, eq=False)
class Findings:
    """What was worked out about one firm, before anything of it is cut or said."""

    subject: Subject
    up: Side
    down: Side
    freight: Freight
    offers: tuple[Offer, ...]
    resources: tuple[OfResource, ...]
    materials: Materials
    asked: tuple[str, ...]


def findings(here: Here, candidate_id: str, language: Language) -> Findings:
    """Everything that the page of a candidate may show. Raises KeyError: there is no such candidate."""
    subject = subject_of(here, candidate_id)
    up, down = suppliers(here, subject), buyers(here, subject)
    freight = freight_of(here, subject, up, down)
    offers = screened(here.policies, subject.asker())
    asks_class = any(reason.code == "class_unknown" for offer in offers for reason in offer.reasons)
    asked = questions(here, subject, freight, asks_class, language)
    return Findings(subject, up, down, freight, offers, resources_of(here, subject), materials_of(up), asked)


def page_of(here: Here, found: Findings, cuts: Cuts, map_of: MapOf, language: Language) -> Document:
    """The page, its lists cut as ``cuts`` say."""
    subject, sources = found.subject, Sources(language)
    sections = [
        Section("head", "", (_head(here, subject, language),)),
        chain_section(here, subject, cuts, language),
        trade_section(here, subject, (found.up, found.down), found.freight, cuts, sources),
        factors_section(here, subject, found.resources, found.offers, found.freight, found.materials, cuts, sources),
        offers_section(here, found.offers, cuts, sources),
        park_section(here, subject, None if subject.park is None else map_of(subject.park.park_id), language),
        labour_section(here, subject, found.resources, cuts, sources),
        talk_section(subject, found.asked, cuts, language),
    ]
    told = sources.listed(cuts.source)
    sections += [Section("sources", "", (Note(told),))] if told else []
    plan = here.plan
    return Document(
        template="dossier",
        title=subject.name,
        subtitle=words.SUBTITLE.say(language, plan=plan.plan.name),
        language=language,
        sections=tuple(sections),
        seal=plan.short_seal,
    )


def _head(here: Here, subject: Subject, language: Language) -> Facts:
    unknown, park = words.UNKNOWN.say(language), subject.park
    chain = " · ".join(name for name in (subject.chain_name, None if subject.link is None else subject.link.name) if name)
    row = subject.row
    province, city = row.text("province"), row.text("city")
    home = city if province and city.startswith(province.removesuffix("市")) else f"{province} {city}".strip()

    def money(name: str) -> Value:
        return Value(cash(subject.figures[name], language), name in subject.assumed and subject.figures[name] is not None)

    said: dict[str, Value | str] = {
        "link": chain or unknown,
        "home": Value(home, not {"province", "city"}.isdisjoint(subject.assumed)) if home else unknown,
        "investment": money("investment"),
        "quarter": subject.quarter or words.OPEN.say(language),
        "park": words.OPEN.say(language) if park is None else park.name,
        "owner": owner_of(here, subject) or unknown,
        "output": money("output"),
        "class": COMMA.say(language).join(row.names("class")) or unknown,
    }
    facts = tuple(Fact(words.HEAD[name].say(language), value) for name, value in said.items())
    return Facts(facts, 4, shares=(1.4, 1.4, 0.95, 0.85))


def owner_of(here: Here, subject: Subject) -> str:
    """Who owns the project; where nobody is named, the office that leads its chain."""
    return here.desk.view.answerable(subject.row.text("owner") or None, subject.chain_id) or ""
