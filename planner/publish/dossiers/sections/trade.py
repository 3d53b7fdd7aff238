"""Where a firm sits in the chain, who here would supply it and buy from it, and what that saves on freight."""

from __future__ import annotations

from collections.abc import Iterator

from planner.language import Language
from planner.publish.distances import Way
from planner.publish.documents.model import Column, Note, Picture, Section, Table, Text, Value
from planner.publish.dossiers import words
from planner.publish.dossiers.cuts import Cuts
from planner.publish.dossiers.diagram import diagram
from planner.publish.dossiers.freight import Freight, Line
from planner.publish.dossiers.here import Here
from planner.publish.dossiers.notes import Sources, cash
from planner.publish.dossiers.partners import Partner, Side
from planner.publish.dossiers.subject import Subject
from planner.publish.figures import figure
from planner.publish.words import COMMA, SEMICOLON


def chain_section(here: Here, subject: Subject, cuts: Cuts, language: Language) -> Section:
    """The diagram and one sentence."""
    heading = words.HEADINGS["chain"].say(language)
    link = subject.link
    if link is None:
        return Section("chain", heading, (Text(words.NO_LINK.say(language)),))
    up, down = here.suppliers_of(link.link_id), here.buyers_of(link.link_id)
    title = words.DIAGRAM.say(language, name=link.name)
    picture = Picture(diagram(here.desk.view, link, up, down, cuts.links, title), title, share=0.985)
    said = words.CHAIN_SAID.say(
        language,
        demand=cash(link.demand_after, language),
        before=cash(link.shortage_before, language),
        after=cash(link.shortage_after, language),
        firms=sum(firm.name != subject.name for firm in here.locals.get(link.link_id, ())),
    )
    return Section("chain", heading, (picture, Text(Value(said, here.basis.shortage(link, after=True)))))


def trade_section(
    here: Here, subject: Subject, sides: tuple[Side, Side], freight: Freight, cuts: Cuts, sources: Sources
) -> Section:
    """The firms with their distance and what is saved in trade with each; then the sums, and how they are reckoned."""
    language = sources.language
    ordered = [(partner, inbound) for side, inbound in zip(sides, (True, False), strict=True) for partner in side.partners]
    half = [sum(flag is inbound for _, inbound in ordered) for flag in (True, False)]
    room = _shares(half[0], half[1], cuts.partners)
    shown = [*ordered[: room[0]], *ordered[half[0] : half[0] + room[1]]]
    lines = {(id(line.partner), line.inbound): line for line in freight.lines}
    rows = tuple(_row(here, subject, partner, inbound, lines.get((id(partner), inbound)), sources) for partner, inbound in shown)
    columns = tuple(Column(heading.say(language), align, share) for heading, share, align in words.PARTNER_COLUMNS)
    blocks: list[Table | Text | Note] = [Table(columns, rows)] if rows else [Text(words.NO_FIRMS.say(language))]
    rest, planned = len(ordered) - len(shown), len(_planned(here, subject))
    more = [words.MORE_FIRMS.say(language, n=rest)] if rest else []
    more += [words.PLANNED.say(language, n=planned)] if planned else []
    settled = subject.park is not None
    sums = [_sum(freight, inbound, settled, language) for inbound in (True, False)] if rows else []
    if told := SEMICOLON.say(language).join([*more, *sums]):
        blocks.append(Text(Value(told, freight.total is not None), "lead"))
    rates = [line.tariff.source for line in freight.lines if line.tariff is not None]
    formula = words.FORMULA.say(language) if freight.total is not None else ""
    straight = words.STRAIGHT.say(language) if any(partner.here for partner, _ in shown) else ""
    note = " ".join(filter(None, (formula + sources.mark(*rates), straight)))
    return Section("partners", words.HEADINGS["partners"].say(language), (*blocks, *([Note(note)] if note else [])))


def _planned(here: Here, subject: Subject) -> set[str]:
    """Further firms that the plan brings upstream and downstream, counted once and named nowhere."""
    link_id = None if subject.link is None else subject.link.link_id
    ties = (*here.suppliers_of(link_id), *here.buyers_of(link_id))
    return {name for tie in ties for name in here.targets.get(tie.link.link_id, ())} - {subject.candidate_id}


def _shares(up: int, down: int, room: int) -> tuple[int, int]:
    """How many of each side have room: half each, and what one side leaves the other."""
    half = room // 2
    first = min(up, max(half, room - down))
    return first, min(down, room - first)


def _row(
    here: Here, subject: Subject, partner: Partner, inbound: bool, line: Line | None, sources: Sources
) -> tuple[Value | str, ...]:
    language, firm = sources.language, partner.firm
    same = subject.park is not None and firm.park_id == subject.park.park_id
    both = (partner.here, partner.today) if line is None else (line.here, line.today)
    own, today = _km(both[0], same, language), _km(both[1], False, language)
    ways = [way for way in both if way is not None]
    capacity = Value(cash(firm.capacity, language), firm.capacity is not None and "capacity" in firm.assumed)
    name = f"{firm.name} {sources.mark(firm.source, *(way.source for way in ways))}".rstrip()
    relation = (words.SUPPLIES if inbound else words.BUYS).say(language)
    distance = Value(f"{own}｜{today}", any(way.assumed for way in ways))
    return relation, name, partner.tie.link.name, capacity, distance, *_moved(line, language)


def _moved(line: Line | None, language: Language) -> Iterator[Value | str]:
    """Tonnes, rate and saving of a line."""
    if line is None:
        yield from ("—", "—", "—")
        return
    yield "—" if line.tonnes is None else Value(figure(line.tonnes), line.assumed)
    tariff = line.tariff
    if tariff is None:
        yield words.LACKS["rate"].say(language)
    else:
        rate = figure(tariff.rate)
        yield Value(rate if tariff.per_km else words.PER_TONNE.say(language, rate=rate), tariff.assumed)
    if line.saving is None:
        yield words.LACKS[line.lacks[0]].say(language) if line.lacks else "—"
    else:
        yield Value(cash(line.saving / 10_000, language), True)  # that it trades with this firm is assumed


def _km(way: Way | None, same: bool, language: Language) -> str:
    if same:
        return words.SAME_PARK.say(language)
    if way is None:
        return words.NO_KM.say(language)
    return f"{way.km:,.0f}" + (words.BY_TABLE.say(language) if way.stated else "")


def _sum(freight: Freight, inbound: bool, settled: bool, language: Language) -> str:
    """What one side saves, or why that is not reckoned; ``settled``: the park is."""
    side = (words.INBOUND if inbound else words.OUTBOUND).say(language)
    saving, lacks = freight.saving(inbound), freight.lacking(inbound)
    if saving is None:
        told = dict.fromkeys(words.LACKS[lack].say(language) for lack in lacks)
        said = COMMA.say(language).join(told) or (words.NO_TRADE if settled else words.NO_PARK).say(language)
        return words.NOT_RECKONED.say(language, side=side, lacks=said)
    return (words.SAVED if saving >= 0 else words.COSTS).say(language, side=side, money=cash(abs(saving) / 10_000, language))
