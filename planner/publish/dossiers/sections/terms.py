"""What is on offer, the park, and what is wished for and asked."""

from __future__ import annotations

from collections.abc import Sequence

from planner.language import Language
from planner.publish.documents.model import Column, Fact, Facts, Picture, Section, Table, Text, Value
from planner.publish.dossiers import words
from planner.publish.dossiers.cuts import Cuts
from planner.publish.dossiers.here import Here
from planner.publish.dossiers.notes import Sources, cash, cut, shortened
from planner.publish.dossiers.subject import Subject
from planner.publish.offers import Offer, of_verdict
from planner.publish.words import COMMA, SEMICOLON


def offers_section(here: Here, offers: Sequence[Offer], cuts: Cuts, sources: Sources) -> Section:
    """What is offered as a table; below it what is to be reviewed and what is refused, each with its reason and its basis."""
    language = sources.language
    heading = words.HEADINGS["offers"].say(language)
    if not here.policies:
        return Section("offers", heading, (Text(words.NO_POLICIES.say(language)),))
    granted = of_verdict(offers, "offered")
    columns = tuple(Column(head.say(language), align, share) for head, share, align in words.OFFER_COLUMNS)
    rows = [_row(offer, cuts, sources) for offer in granted[: cuts.offers]]
    if len(granted) > cuts.offers:
        rows.append((words.MORE_OFFERS.say(language, n=len(granted) - cuts.offers), "", "", ""))
    blocks: list[Table | Text] = [Table(columns, tuple(rows))] if rows else [Text(words.NO_OFFERS.say(language))]
    refused = sorted(of_verdict(offers, "refused"), key=lambda offer: offer.reasons[0].code not in ("forbidden", "expired"))
    for template, aside in ((words.REVIEW, of_verdict(offers, "review")), (words.REFUSED, refused)):
        if aside:
            told = shortened([_aside(offer, cuts, language) for offer in aside], cuts.aside, words.MORE_OFFERS, language)
            blocks.append(Text(template.say(language, offers=SEMICOLON.say(language).join(told))))
    return Section("offers", heading, tuple(blocks))


def _row(offer: Offer, cuts: Cuts, sources: Sources) -> tuple[Value | str, ...]:
    language, policy = sources.language, offer.policy
    day = policy.day("until")
    force = words.NO_END.say(language) if day is None else words.UNTIL.say(language, day=day.isoformat())
    name = f"{cut(policy.text('offer'), cuts.text)} {sources.mark(policy.source)}".rstrip()
    return name, amount_words(offer, language), cut(policy.text("basis"), cuts.text), force


def amount_words(offer: Offer, language: Language) -> Value | str:
    """What one project gets: as its rate gives, cut to the ceiling, or up to the ceiling."""
    if offer.amount is not None:
        form = words.CAPPED if offer.capped else words.ABOUT
        return Value(form.say(language, amount=cash(offer.amount, language)), offer.amount_assumed)
    if offer.ceiling is None:
        return words.NOT_SAID.say(language)
    return Value(words.UP_TO.say(language, amount=cash(offer.ceiling, language)), "ceiling" in offer.policy.assumed)


def _aside(offer: Offer, cuts: Cuts, language: Language) -> str:
    reasons = SEMICOLON.say(language).join(reason.words.say(language) for reason in offer.reasons[:2])
    basis = cut(offer.basis, cuts.text) or words.NO_SOURCE.say(language)
    return words.SAID_OF_OFFER.say(language, offer=cut(offer.policy.text("offer"), cuts.text), reasons=reasons, basis=basis)


def park_section(here: Here, subject: Subject, map_svg: str | None, language: Language) -> Section:
    """The park in four facts, and where it lies."""
    heading, park = words.HEADINGS["park"].say(language), subject.park
    if park is None:
        return Section("park", heading, (Text(words.OPEN.say(language)),))
    names = {chain.chain_id: chain.name for chain in here.plan.chains}
    takes = COMMA.say(language).join(names.get(chain, chain) for chain in park.allowed_chains) or words.ANY_CHAIN.say(language)
    place = " ".join(dict.fromkeys(filter(None, (park.city, park.county)))) or words.UNKNOWN.say(language)
    facts = (
        Fact(words.NAME.say(language), park.name),
        Fact(words.COUNTY.say(language), place),
        Fact(words.TAKES.say(language), Value(takes, "allowed_chains" in park.assumed)),
    )
    picture = () if map_svg is None else (Picture(map_svg, words.MAP.say(language, park=park.name), height=38),)
    return Section("park", heading, (Facts(facts, 1), *picture))


def talk_section(subject: Subject, asked: Sequence[str], cuts: Cuts, language: Language) -> Section:
    """The firm's wishes, and what we ask."""
    comma = COMMA.say(language)
    nothing = words.NOTHING.say(language)
    facts = (
        Fact(words.PREFERRED.say(language), comma.join(subject.preferred) or nothing),
        Fact(words.REFUSED_PARKS.say(language), comma.join(subject.refused) or nothing),
        Fact(words.WISHES.say(language), cut(subject.row.text("wishes"), cuts.text) or nothing),
        Fact(words.ASKED.say(language), _numbered([cut(one, cuts.text) for one in asked], cuts, language)),
    )
    return Section("talk", words.HEADINGS["talk"].say(language), (Facts(facts, 1),))


def _numbered(asked: Sequence[str], cuts: Cuts, language: Language) -> str:
    told = shortened(
        [f"{n}. {question}" for n, question in enumerate(asked, start=1)], cuts.questions, words.MORE_QUESTIONS, language
    )
    return SEMICOLON.say(language).join(told)
