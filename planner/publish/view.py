"""What outputs look up in a plan to show a field of a record: sentences, names, uses, and what rests on an assumption."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from planner.language import Words
from planner.plan.firm_records import NotSelected, Selected
from planner.plan.limit_records import Limit
from planner.plan.means_records import TeamUse
from planner.plan.records import ChainResult, LinkResult, ParkResult, Resource, Use
from planner.publish.basis import Basis
from planner.publish.sentences import Teller
from planner.publish.words import COMMA, FIRM_STATUS, GRADES, SEMICOLON
from planner.tables.following import STAGE_WORDS

if TYPE_CHECKING:
    from planner.publish.book.book import Book

ARRANGED = (
    Words("必选", "must be included"),
    Words("园区已定", "park is fixed"),
    Words("季度已定", "quarter is fixed"),
    Words("企业意向园区", "the firm's preferred park"),
)
UNDECIDED = Words("未定", "not settled")
NOT_LIMITED = Words("不限", "no limit")
LEADS = Words("{office}（牵头单位）", "{office} (leads the chain)")
NO_CANDIDATE = Words("客商库中已无可选项目，须另寻目标企业", "no candidate is left: look for new targets")
MORE_CANDIDATES = Words("客商库中还有 {n} 个可选项目，见“未选原因”", "{n:more candidate}, see “Not selected”")
BOTTLENECK = Words("{grade}，卡脖子环节", "{grade}, bottleneck")
SOURCES_OF = Words("{before} → {after}（至少 {wanted}）", "{before} → {after} (at least {wanted})")


@dataclass(frozen=True)
class FirmNote:
    """What an answer to a question says of single firms: a column of the table of selected firms."""

    name: str
    heading: Words
    of: Mapping[str, str]
    """Candidate id → what is said of it."""


@dataclass(frozen=True)
class Supplement:
    """What answers to questions add to a plan's workbook."""

    sheets: tuple[Callable[[Book, View], None], ...] = ()
    notes: tuple[FirmNote, ...] = ()


@dataclass(frozen=True)
class Series:
    """Use of one resource at one place over the quarters."""

    scope: str
    place: str
    resource: Resource
    uses: Mapping[str, Use]
    """By quarter."""
    used_assumed: bool
    capacity_assumed: bool


@dataclass(frozen=True)
class View(Teller):
    """One plan in one language."""

    notes: tuple[FirmNote, ...] = ()

    @cached_property
    def basis(self) -> Basis:
        """Which figures rest on an assumption."""
        return Basis(self.plan)

    @cached_property
    def chain_names(self) -> Mapping[str, str]:
        """Chain id → name."""
        return {chain.chain_id: chain.name for chain in self.plan.chains}

    @cached_property
    def counties(self) -> Mapping[str, str | None]:
        """Park id → county."""
        return {park.park_id: park.county for park in self.plan.parks}

    @cached_property
    def kept_out(self) -> Counter[str]:
        """Limit id → how many firms worth having it keeps out."""
        return Counter(name for firm in self.plan.not_selected for name in firm.binding)

    @cached_property
    def tightest(self) -> list[Limit]:
        """Limits that bind, those that keep most firms out first."""
        return sorted(self.plan.limits, key=lambda limit: (-self.kept_out[limit.limit_id], limit.limit_id))

    @cached_property
    def uses(self) -> Mapping[tuple[str, str], Use]:
        """Park id, resource id → use at the end of the last quarter."""
        return {(park.park_id, use.resource_id): use for park in self.plan.parks for use in park.use if use.quarter == self.last}

    @property
    def last(self) -> str:
        return self.plan.plan.quarters[-1]

    def listed(self, texts: Iterable[str]) -> str:
        """``甲、乙``."""
        return COMMA.say(self.language).join(texts)

    def links_of(self, chain: ChainResult) -> list[LinkResult]:
        return [link for link in self.plan.links if link.chain_id == chain.chain_id]

    def home(self, firm: Selected) -> str | None:
        """Where the firm comes from: province and city, one where they are the same."""
        return " ".join(filter(None, dict.fromkeys((firm.province, firm.city)))) or None

    def owner(self, firm: Selected) -> str | None:
        """Who answers for the project; None: nobody is named."""
        return firm.owner

    def owner_words(self, firm: Selected) -> str:
        """The same for a cell: a blank would read as forgotten."""
        return self.answerable(firm.owner, firm.chain_id) or UNDECIDED.say(self.language)

    def answerable(self, owner: str | None, chain_id: str | None) -> str | None:
        """Who answers for a project of that chain: its owner, else the office that leads the chain, which is said; None: nobody is named."""
        offices = (chain.lead_office for chain in self.plan.chains if chain.chain_id == chain_id)
        office = next(offices, None)
        return owner or (LEADS.say(self.language, office=office) if office else None)

    def status(self, firm: Selected) -> str:
        """How far talks with the firm are."""
        return FIRM_STATUS[firm.status].say(self.language) if firm.status in FIRM_STATUS else firm.status

    def stage(self, firm: Selected | NotSelected) -> str | None:
        """How far a firm has come, in a word."""
        return None if firm.stage is None else STAGE_WORDS[firm.stage].say(self.language)

    def arranged(self, firm: Selected) -> str | None:
        """What of the firm's place and time was settled before the plan, or wished for."""
        marks = (firm.must_include, firm.fixed_park, firm.fixed_quarter, firm.preferred_park)
        arranged = [words.say(self.language) for on, words in zip(marks, ARRANGED, strict=True) if on]
        return SEMICOLON.say(self.language).join(arranged) or None

    def kind_word(self, firm: NotSelected) -> str:
        """Why a firm is left out, in a word."""
        return self.kind(firm).say(self.language)

    def best_park(self, firm: NotSelected) -> str | None:
        """The park in which a firm that is left out would do best, by name."""
        return self.park_names.get(firm.best_park_id or "")

    def taken(self, park: ParkResult) -> str:
        """The chains that a park takes."""
        names = (self.chain_names.get(chain, chain) for chain in park.allowed_chains)
        return self.listed(names) or NOT_LIMITED.say(self.language)

    def team(self, use: TeamUse) -> str:
        """A team with its chain."""
        chain = self.chain_names.get(use.chain_id or "")
        return use.team_id if chain is None else Words(f"{use.team_id}（{chain}）", f"{use.team_id} ({chain})").say(self.language)

    def help_left(self, link: LinkResult) -> str:
        """Whether candidates at hand could help a link that is still short."""
        spare = link.candidates - link.selected
        return NO_CANDIDATE.say(self.language) if spare <= 0 else MORE_CANDIDATES.say(self.language, n=spare)

    def arrow(self, before: str, after: str) -> str:
        """``薄弱 → 较强``; one of them where they are the same."""
        return before if before == after else f"{before} → {after}"

    def grades(self, link: LinkResult) -> str:
        """Its grade before and after, and whether it is a bottleneck."""
        grade = self.arrow(GRADES[link.grade_before].say(self.language), GRADES[link.grade_after].say(self.language))
        return BOTTLENECK.say(self.language, grade=grade) if link.bottleneck else grade

    def sources(self, link: LinkResult) -> str:
        """Its sources before and after, and how many are wanted."""
        return SOURCES_OF.say(self.language, before=link.sources_before, after=link.sources_after, wanted=link.min_sources)

    @cached_property
    def series(self) -> tuple[Series, ...]:
        """Use of every resource, wherever it is held: in parks, zones or the region."""
        plan, basis, series = self.plan, self.basis, []
        for resource in plan.resources:
            name, scope = resource.resource_id, resource.scope
            parks = plan.parks if scope == "park" else ()
            places = [(park.name, park.use, [park.park_id], basis.park_capacity(park, name)) for park in parks]
            for area in plan.areas:
                if area.scope == scope:
                    place = Words("全域", "the region").say(self.language) if scope == "region" else area.area_id
                    within = [park.park_id for park in plan.parks if scope == "region" or park.zone == area.area_id]
                    places.append((place, area.use, within, basis.column("capacities", "amount", name)))
            for place, uses, within, capacity_assumed in places:
                by_quarter = {use.quarter: use for use in uses if use.resource_id == name}
                series.append(Series(scope, place, resource, by_quarter, basis.use(within, name), capacity_assumed))
        return tuple(series)
