"""When what a project costs falls due: shares of its money and effort by quarters after signing, one way for all or by profile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pydantic import model_validator

from planner.language import Words
from planner.settings.base import Portion, RefusedError, Section, Whole, note

LONGEST = 80
"""Quarters after signing up to which a milestone may lie."""


class Milestone(Section):
    """A share of the subsidy that falls due when something happens, so many quarters after signing."""

    share: Portion = note("此时兑付的比例；可写 30 %", "share", gt=0, le=1)
    """Share of the subsidy that falls due then: ``0.3`` or ``30 %``."""
    after: Whole | None = note(
        "签约后第几季到期（0 为当季）；写了 column 时只用于其空白格", "quarters", default=None, ge=0, le=LONGEST
    )
    """How many quarters after signing (0: the same); beside ``column``, what its blank cells mean."""
    column: str | None = note("客商库中写明签约后第几季的列；空白即错误，除非写了 after", default=None, min_length=1)
    """The column of candidates that says how many quarters after signing; a blank is an error unless ``after`` is given."""

    @model_validator(mode="after")
    def _says_when(self) -> Milestone:
        if self.after is None and self.column is None:
            rule = Words("须写 after（签约后第几季）或 column（客商库的列）", "after (quarters after signing) or column is needed")
            raise RefusedError(rule)
        return self


def _whole(shares: Iterable[float], at: str) -> None:
    """Shares of one whole."""
    parts = tuple(shares)
    if any(share < 0 for share in parts) or abs(sum(parts) - 1) > 1e-9:
        rule = Words("各比例须非负且合计为 1，现为 {total}", "shares are not negative and sum to 1, not {total}")
        raise RefusedError(rule.fill(total=f"{sum(parts):g}"), at=(at,))


class Profile(Section):
    """When the money and the effort that a project costs fall due; what it does not say, the next profile in turn says."""

    payout: tuple[Portion, ...] | None = note(
        "签约当季及以后各季的兑付比例，合计为 1；可写 50 %", "share", default=None, min_length=1
    )
    """Shares of the subsidy paid in the quarter of signing and the ones after; they sum to 1; may be written ``50 %``."""
    milestones: Mapping[str, Milestone] = note("按里程碑兑付，代替 payout：名称: {share, after, column}", default_factory=dict)
    """In place of ``payout``: shares that fall due at milestones, by name; they sum to 1."""
    effort: tuple[Portion, ...] | None = note(
        "签约当季及以后各季的工作量比例，合计为 1；可写 50 %", "share", default=None, min_length=1
    )
    """Shares of the team's effort in the quarter of signing and the ones after; they sum to 1; may be written ``50 %``."""

    @property
    def pays(self) -> bool:
        """It says when money falls due."""
        return self.payout is not None or bool(self.milestones)

    @model_validator(mode="after")
    def _says_one_thing(self) -> Profile:
        if self.payout is not None and self.milestones:
            rule = Words("payout 与 milestones 只能写一个", "payout and milestones exclude each other")
            raise RefusedError(rule, Words("删去一个", "remove one"), at=("milestones",))
        if not self.pays and self.effort is None:
            raise RefusedError(Words("须写 payout、milestones 或 effort", "payout, milestones or effort is needed"))
        for name in ("payout", "effort"):
            if (shares := getattr(self, name)) is not None:
                _whole(shares, name)
        if self.milestones:
            _whole((milestone.share for milestone in self.milestones.values()), "milestones")
        return self


class Schedule(Section):
    """How money and effort spread over the quarters after signing."""

    payout: tuple[Portion, ...] = note("签约当季及以后各季的兑付比例，合计为 1；可写 50 %", "share", default=(1.0,), min_length=1)
    """Shares of the subsidy paid in the quarter of signing and the ones after; they sum to 1; may be written ``50 %``."""
    effort: tuple[Portion, ...] = note("签约当季及以后各季的工作量比例，合计为 1；可写 50 %", "share", default=(1.0,), min_length=1)
    """Shares of the team's effort in the quarter of signing and the ones after; they sum to 1; may be written ``50 %``."""
    profiles: Mapping[str, Profile] = note(
        "另外的方案，由 schedule_profile（进度方案）列写名称：先取项目的，再取产业链的、资金池的，都没有就用上面两项",
        default_factory=dict,
    )
    """Others by name, for the column ``schedule_profile``: the candidate's, else its chain's, else its fund's, else the keys above."""

    @model_validator(mode="after")
    def _shares(self) -> Schedule:
        for name in ("payout", "effort"):
            _whole(getattr(self, name), name)
        return self
