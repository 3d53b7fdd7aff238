r"""Shortage and backup sources of links: what a plan does for them, read off columns that can only understate it.

.. math::
    u_l + \sum_i \pi_i g_{il} x_i - \sum_{m}\sum_i a_{lm} g_{im} x_i \ge D_l - S_l, \qquad u_l \ge 0, \\
    (\rho_l - \text{existing}_l)^+\, b_l \le \sum_{\text{distinct firms } f} s_{lf},\qquad
    \sum_i -\ln(1-\pi_i)\, x_i \ge -\ln(1-\alpha)\, b_l .

The first is linear because shortage and not coverage is the column (formulation.md, family 5). The second is
:math:`\rho_l b_l \le \text{existing}_l + \sum s` for whole :math:`b`, and tighter for its relaxation. The third says "at
least one of the new sources lands with probability α"; it is exact for independent landings. A firm with several projects at
a link is one source: :math:`s_{lf} \le \sum_{i\in f} x_i`, :math:`s_{lf}\le 1`.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from planner.case.accounts import Accounts
from planner.case.case import Case, Floats, Ints
from planner.case.chains import TOLERANCE as NO_SHORTAGE
from planner.case.chains import drawing, new_sources, reliability_weight
from planner.language import Words
from planner.layout import Choices, ColumnBlock, Layout, Rows, numbering, rows_of, stack
from planner.limits.family import Family, Held

ROOM = 1e-6
"""Share by which a bound that no plan needs to exceed is wider than that: the presolve of HiGHS 1.16 has lost optima that lie
on such a bound to the last digit, and proved others."""


class _OfLinks(Family):
    """These limits only say what a choice is worth."""

    business = False
    worth_only = True


class Shortage(_OfLinks):
    """The shortage of a link is at least its demand less its supply. Declares the columns u."""

    name = "shortage"
    title = Words("环节缺口", "shortage of links")
    formula = r"u_l \ge D_l + \sum_i\sum_m a_{lm} g_{im} x_i - S_l - \sum_i \pi_i g_{il} x_i"

    def columns(self, case: Case, choices: Choices) -> tuple[ColumnBlock, ...]:
        links = _short_links(case, np.unique(choices.candidate))
        return (ColumnBlock("shortage", "u", {"link": links}, _largest(case, choices)[links]),)

    def rows(self, case: Case, layout: Layout) -> Rows:
        links = layout.block("shortage").about["link"]
        row_of = numbering(links, len(case.links))
        at = layout.chosen
        candidate = layout.candidate[at]
        link = case.candidates["link"].to_numpy(np.int64)[candidate]
        output = case.candidates["capacity"].to_numpy(float)[candidate]
        expected = output * case.candidates["landing_probability"].to_numpy(float)[candidate]
        supplied = row_of[link] >= 0
        drawer, edge = drawing(case, link)
        drawn = row_of[case.edges["from_link"].to_numpy(np.int64)[edge]]
        amount = case.edges["coefficient"].to_numpy(float)[edge] * output[drawer]
        short = drawn >= 0
        row = np.concatenate([row_of[link[supplied]], drawn[short], np.arange(len(links))])
        column = np.concatenate([at[supplied], at[drawer[short]], layout.positions("shortage")])
        value = np.concatenate([expected[supplied], -amount[short], np.ones(len(links))])
        gap = (case.links["demand"] - case.links["supply"]).to_numpy(float)[links]
        return rows_of(layout, (row, column, value), {"link": links}, gap)

    def check(self, case: Case, accounts: Accounts) -> Iterator[Held]:
        for reported, link in zip(accounts.after.shortage.tolist(), accounts.chosen.after, strict=True):
            yield Held(abs(reported - link.shortage), NO_SHORTAGE, link.demand + link.supply)


class Sources(_OfLinks):
    """A link is backed up only with as many sources as it asks for. Declares the columns b."""

    name = "sources"
    title = Words("备份来源数", "backup sources")
    formula = r"(\rho_l - \text{existing}_l)^+ b_l \le \sum_f s_{lf}"

    def columns(self, case: Case, choices: Choices) -> tuple[ColumnBlock, ...]:
        links = np.flatnonzero(case.links["min_sources"].to_numpy(float) > 0)
        return (ColumnBlock("backup", "b", {"link": links}, np.ones(len(links)), whole=True),)

    def rows(self, case: Case, layout: Layout) -> Rows:
        links, shared = layout.block("backup").about["link"], layout.block("firms")
        row_of = numbering(links, len(case.links))
        new = new_sources(case, np.unique(layout.candidate))
        several = np.concatenate(shared.members) if shared.members else np.zeros(0, dtype=np.int64)
        alone = new[~new["candidate"].isin(several)]
        row, at = _choices_of(layout, alone["candidate"].to_numpy(np.int64), row_of[alone["link"].to_numpy(np.int64)])
        row = np.concatenate([row, row_of[shared.about["link"]], np.arange(len(links))])
        column = np.concatenate([at, layout.positions("firms"), layout.positions("backup")])
        needed, existing = (case.links[name].to_numpy(float)[links] for name in ("min_sources", "sources"))
        value = np.concatenate([np.ones(len(at) + shared.size), -np.maximum(needed - existing, 0.0)])
        return rows_of(layout, (row, column, value), {"link": links}, 0.0)

    def check(self, case: Case, accounts: Accounts) -> Iterator[Held]:
        for reported, link in zip(accounts.after.backed_up.tolist(), accounts.chosen.after, strict=True):
            if reported:
                yield Held(link.needed, link.sources)


class Reliability(_OfLinks):
    """A link is backed up by newcomers only if one of them lands with the probability asked for."""

    name = "reliability"
    title = Words("备份可靠度", "backup reliability")
    formula = r"\sum_i -\ln(1-\pi_i) x_i \ge -\ln(1-\alpha) b_l"

    def rows(self, case: Case, layout: Layout) -> Rows:
        reliability = case.settings.backup.reliability
        links = layout.block("backup").about["link"]
        short = case.links["sources"].to_numpy(float)[links] < case.links["min_sources"].to_numpy(float)[links]
        if reliability is None or not short.any():
            return stack(layout, [])
        asked = links[short]
        new = new_sources(case, np.unique(layout.candidate))
        labels = numbering(asked, len(case.links))[new["link"].to_numpy(np.int64)]
        row, at = _choices_of(layout, new["candidate"].to_numpy(np.int64), labels)
        weight = reliability_weight(case.candidates["landing_probability"].to_numpy(float), reliability)
        row = np.concatenate([row, np.arange(len(asked))])
        column = np.concatenate([at, layout.positions("backup")[short]])
        value = np.concatenate([weight[layout.candidate[at]], np.full(len(asked), np.log1p(-reliability))])
        return rows_of(layout, (row, column, value), {"link": asked}, 0.0)

    def check(self, case: Case, accounts: Accounts) -> Iterator[Held]:
        asked = case.settings.backup.reliability
        for reported, link in zip(accounts.after.backed_up.tolist(), accounts.chosen.after, strict=True):
            if reported and asked is not None:
                yield Held(0.0 if link.backed_up(asked) else 1.0, 0.0)


class Distinct(_OfLinks):
    """Several projects of one firm at a link are one source. Declares the columns s."""

    name = "distinct"
    title = Words("同一企业只算一个来源", "one firm is one source")
    formula = r"s_{lf} \le \sum_{i\in f} x_i,\ s_{lf}\le 1"

    def columns(self, case: Case, choices: Choices) -> tuple[ColumnBlock, ...]:
        new = new_sources(case, np.unique(choices.candidate))
        new = new[case.links["min_sources"].to_numpy(float)[new["link"].to_numpy(np.int64)] > 0]
        groups = [(link, group) for (link, _), group in new.groupby(["link", "firm"], sort=True) if len(group) > 1]
        links = np.array([int(link) for link, _ in groups], dtype=np.int64)
        members = tuple(group["candidate"].to_numpy(np.int64) for _, group in groups)
        # Its rows make the column whole where those of its members are.
        return (ColumnBlock("firms", "s", {"link": links}, np.ones(len(links)), members=members),)

    def rows(self, case: Case, layout: Layout) -> Rows:
        firms = layout.block("firms")
        if not firms.members:
            return stack(layout, [])
        labels = np.repeat(np.arange(firms.size), [len(members) for members in firms.members])
        row, at = _choices_of(layout, np.concatenate(firms.members), labels)
        row = np.concatenate([row, np.arange(firms.size)])
        column = np.concatenate([at, layout.positions("firms")])
        value = np.concatenate([np.ones(len(at)), -np.ones(firms.size)])
        return rows_of(layout, (row, column, value), {"link": firms.about["link"]}, 0.0)

    def check(self, case: Case, accounts: Accounts) -> Iterator[Held]:
        for reported, link in zip(accounts.after.sources.tolist(), accounts.chosen.after, strict=True):
            yield Held(abs(reported - link.sources), 0.0)


def _short_links(case: Case, potential: Ints) -> Ints:
    """Links that have demand, or to which a candidate that may come brings demand."""
    if not len(case.links):
        return np.zeros(0, dtype=np.int64)
    asked = case.links["demand"].to_numpy(float) > 0
    link = case.candidates["link"].to_numpy(np.int64)[potential]
    drawn = np.isin(case.edges["to_link"].to_numpy(np.int64), link) & (case.edges["coefficient"].to_numpy(float) > 0)
    asked[case.edges["from_link"].to_numpy(np.int64)[drawn]] = True
    return np.flatnonzero(asked)


def _largest(case: Case, choices: Choices) -> Floats:
    """A finite upper bound of each link's shortage: today's, plus all the demand that candidates could bring."""
    frame = case.candidates
    link = frame["link"].to_numpy(np.int64)
    able = np.isin(np.arange(len(frame)), choices.candidate) & (link >= 0)
    output = np.bincount(link[able], frame["capacity"].to_numpy(float)[able], len(case.links))
    edges = case.edges
    drawn = output[edges["to_link"].to_numpy(np.int64)] * np.maximum(edges["coefficient"].to_numpy(float), 0)
    most = np.bincount(edges["from_link"].to_numpy(np.int64), drawn, len(case.links))
    bound: Floats = np.maximum((case.links["demand"] - case.links["supply"]).to_numpy(float) + most, 0.0) * (1 + ROOM)
    return bound


def _choices_of(layout: Layout, candidates: Ints, labels: Ints) -> tuple[Ints, Ints]:
    """(label, column) for the columns that choose each of ``candidates``; a candidate has one label."""
    label_of = np.full(int(max(layout.candidate.max(initial=-1), candidates.max(initial=-1))) + 1, -1, dtype=np.int64)
    label_of[candidates] = labels
    at = layout.chosen
    label = label_of[layout.candidate[at]]
    return label[label >= 0], at[label >= 0]
