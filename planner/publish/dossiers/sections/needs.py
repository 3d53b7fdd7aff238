"""Factor by factor, red, amber, green; the labour plan and the contacts that may be shown."""

from __future__ import annotations

import re
from collections.abc import Sequence

from planner.language import Language
from planner.publish.documents.model import Column, Fact, Facts, Light, Lights, Note, Section, Value
from planner.publish.dossiers import words
from planner.publish.dossiers.cuts import Cuts
from planner.publish.dossiers.factors import (
    LABOUR,
    Materials,
    OfResource,
    by_factor,
    capital_level,
    technology_level,
    transport_level,
)
from planner.publish.dossiers.freight import Freight
from planner.publish.dossiers.here import Here
from planner.publish.dossiers.notes import Sources, cash, cut, shortened
from planner.publish.dossiers.subject import Subject
from planner.publish.figures import figure, quantity
from planner.publish.offers import Offer, of_verdict
from planner.publish.words import COMMA, SEMICOLON

Cells = tuple[Value | str, ...]


def factors_section(
    here: Here,
    subject: Subject,
    resources: Sequence[OfResource],
    offers: Sequence[Offer],
    freight: Freight,
    materials: Materials,
    cuts: Cuts,
    sources: Sources,
) -> Section:
    """A light for each factor, of resources one for each."""
    language = sources.language
    lights = [Light(capital_level(offers), _capital(subject, offers, sources))]
    told = list(by_factor(resources))
    lights += [Light(one.level, _resource(here, subject, one, sources)) for one in told]
    if not any(one.factor == "labour" for one in told):
        jobs = words.JOBS.say(language, n=figure(subject.figures["jobs"])) if subject.figures["jobs"] is not None else None
        cells = (
            words.FACTORS["labour"].say(language),
            _need(jobs, "jobs" in subject.assumed, language),
            words.UNKNOWN.say(language),
            sources.mark(subject.source),
        )
        lights.append(Light("unknown", cells))
    lights += [
        Light(technology_level(here, subject), _technology(here, subject, cuts, sources)),
        Light(transport_level(freight), _transport(freight, sources)),
        Light(materials.level, _materials(here, subject, materials, sources)),
    ]
    columns = tuple(Column(heading.say(language), align, share) for heading, share, align in words.FACTOR_COLUMNS)
    table = Lights(words.STATE.say(language), columns, tuple(lights))
    return Section("factors", words.HEADINGS["factors"].say(language), (table, Note(words.RULE.say(language))))


def _need(text: str | None, assumed: bool, language: Language) -> Value | str:
    return words.UNKNOWN.say(language) if text is None else Value(text, assumed)


def _capital(subject: Subject, offers: Sequence[Offer], sources: Sources) -> Cells:
    language, investment = sources.language, subject.figures["investment"]
    granted, review = ([offer for offer in of_verdict(offers, verdict) if offer.of_money] for verdict in ("offered", "review"))
    need = None if investment is None else words.CAPITAL_NEED.say(language, amount=cash(investment, language))
    has = words.CAPITAL_HAS.say(language, n=len(granted)) if granted else words.UNKNOWN.say(language)
    if review and not granted:
        has = words.CAPITAL_REVIEW.say(language, n=len(review))
    mark = sources.mark(subject.source, *(offer.policy.source for offer in granted))
    return words.FACTORS["capital"].say(language), _need(need, "investment" in subject.assumed, language), has, mark


def _resource(here: Here, subject: Subject, one: OfResource, sources: Sources) -> Cells:
    language, resource = sources.language, one.resource
    factor = words.FACTORS[one.factor].say(language)
    label = factor if resource.name in factor else f"{factor}·{resource.name}"
    need = None if one.need is None else quantity(one.need, resource.unit, language)
    mark = sources.mark(subject.source, here.marks.source("parks"), here.marks.source("capacities"))
    return (
        label,
        _need(need, one.need_assumed, language),
        Value(_has(subject, one, language), one.left_assumed and bool(one.left)),
        mark,
    )


def _has(subject: Subject, one: OfResource, language: Language) -> str:
    """``2027Q1 起可供 110 亩；2027Q3 起 560 亩``."""
    now = one.at(subject.quarter)
    if now is None:
        return words.UNKNOWN.say(language)

    def amount(value: float) -> str:
        return quantity(max(value, 0.0), one.resource.unit, language)

    if now.amount is None:
        return words.UNLIMITED.say(language)
    said = words.FROM_QUARTER.say(language, quarter=now.quarter, amount=amount(now.amount))
    last = one.left[-1]
    if one.level == "red" and one.need is not None and last.amount is not None:
        return words.SHORT.say(
            language, quarter=last.quarter, amount=amount(last.amount), lack=amount(one.need - max(last.amount, 0.0))
        )
    later = one.at(one.since) if one.level == "amber" else last
    if later is None or later.amount is None or later.quarter <= now.quarter or later.amount == now.amount:
        return said
    return said + SEMICOLON.say(language) + words.THEN.say(language, quarter=later.quarter, amount=amount(later.amount))


def _technology(here: Here, subject: Subject, cuts: Cuts, sources: Sources) -> Cells:
    language = sources.language
    rows = [] if subject.link is None else here.technologies.get(subject.link.link_id, [])
    names = [
        words.TECHNOLOGY_HAS.say(language, name=row.text("name"), holder=row.text("holder"))
        if row.text("holder")
        else row.text("name")
        for row in rows
    ]
    has = COMMA.say(language).join(shortened(names, 3, words.MORE_OFFERS, language)) or words.UNKNOWN.say(language)
    need = words.UNKNOWN if subject.link is None else words.TECHNOLOGY_NEED
    mark = sources.mark(*(row.source for row in rows))
    return words.FACTORS["technology"].say(language), need.say(language), cut(has, cuts.text), mark


def _transport(freight: Freight, sources: Sources) -> Cells:
    language, total = sources.language, freight.total
    if total is None:
        lacks = [words.LACKS[lack].say(language) for lack in (*freight.lacking(True), *freight.lacking(False))]
        has: Value | str = COMMA.say(language).join(dict.fromkeys(lacks)) or words.UNKNOWN.say(language)
    else:
        has = Value(
            (words.SAVES if total >= 0 else words.COSTS_MORE).say(language, money=cash(abs(total) / 10_000, language)), True
        )
    mark = sources.mark(*(line.tariff.source for line in freight.lines if line.tariff is not None))
    return words.FACTORS["transport"].say(language), words.TRANSPORT_NEED.say(language), has, mark


def _materials(here: Here, subject: Subject, materials: Materials, sources: Sources) -> Cells:
    language = sources.language
    factor = words.FACTORS["materials"].say(language)
    if not materials.links:
        return factor, words.UNKNOWN.say(language), words.UNKNOWN.say(language), ""
    ties = here.suppliers_of(None if subject.link is None else subject.link.link_id)
    assumed = any(here.basis.shortage(tie.link, after=True) for tie in ties)
    has = words.MATERIALS_HAS.say(language, local=materials.local, covered=materials.covered)
    mark = sources.mark(here.marks.source("link_edges"), here.marks.source("links"))
    return factor, words.MATERIALS_NEED.say(language, n=materials.links), Value(has, assumed), mark


def labour_section(here: Here, subject: Subject, resources: Sequence[OfResource], cuts: Cuts, sources: Sources) -> Section:
    """Jobs, who may fill them, people from here, and the contact where the person has consented; else nothing of it."""
    language, jobs = sources.language, subject.figures["jobs"]
    supply = next((one for one in resources if one.factor == "labour"), None)
    has = _indicated(here, subject, sources) if supply is None else Value(_has(subject, supply, language), supply.left_assumed)
    need = None if jobs is None else words.JOBS.say(language, n=figure(jobs))
    facts = [
        Fact(words.LABOUR_NEED.say(language), _need(need, "jobs" in subject.assumed, language)),
        Fact(words.LABOUR_SUPPLY.say(language), has),
        Fact(words.HOME_PEOPLE.say(language), home_people(subject, cuts, language)),
        Fact(words.CONTACT.say(language), contact(subject, cuts, language)),
    ]
    return Section("labour", words.HEADINGS["labour"].say(language), (Facts(tuple(facts), 1),))


def _indicated(here: Here, subject: Subject, sources: Sources) -> Value | str:
    """What the table of indicators says of labour for the chain, of the latest period."""
    told = [row for row in here.indicators if row.text("chain_id") == subject.chain_id and row.number("value") is not None]
    told = [row for row in told if any(word in row.text("indicator").lower() for word in LABOUR)]
    if not told:
        return words.UNKNOWN.say(sources.language)
    row = max(told, key=lambda row: (row.text("period"), row.text("indicator")))
    name = " ".join(filter(None, (row.text("indicator"), row.text("period"))))
    amount = quantity(row.number("value") or 0.0, row.text("unit"), sources.language)
    return Value(f"{name} {amount} {sources.mark(row.source)}".rstrip(), "value" in row.assumed)


_COUNT = re.compile(r"[0-9０-９一二三四五六七八九十两百]+ ?(?:名|人|位|people|persons?)")


def home_people(subject: Subject, cuts: Cuts, language: Language) -> str:
    """People of the firm who come from here: as noted where there is consent, else how many at most."""
    noted = subject.row.text("home_people")
    if not noted:
        return words.UNKNOWN.say(language)
    if subject.row.yes("consent"):
        return cut(noted, cuts.text)
    count = _COUNT.search(noted)
    return words.HOME_COUNT.say(language, n=count[0]) if count else words.NO_CONSENT.say(language)


def contact(subject: Subject, cuts: Cuts, language: Language) -> str:
    """The contact where the person has consented."""
    if not subject.row.yes("consent"):
        return words.NO_CONSENT.say(language)
    return cut(subject.row.text("contact_note"), cuts.text) or words.UNKNOWN.say(language)
