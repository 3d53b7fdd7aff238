r"""Shortage at each link, with demand that selected firms bring.

.. math::
    u_l + \sum_i \pi_i g_{il} x_i - \sum_{m}\sum_i a_{lm} g_{im} x_i \ge D_l - S_l, \qquad u_l \ge 0.

Linear because shortage and not coverage is the column (formulation.md, family 5).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from planner.case.accounts import Accounts
from planner.case.case import Case, Floats, Ints
from planner.case.chains import TOLERANCE as NO_SHORTAGE
from planner.language import Words
from planner.layout.columns import Choices, ColumnBlock, Layout
from planner.layout.rows import Rows, numbering, rows_of
from planner.limits.family import Family, Held, Subject
from planner.limits.names import link_subject

ROOM = 1e-6
"""Share by which a bound that no plan needs to exceed is wider than that: the presolve of HiGHS 1.16 has lost optima that lie
on such a bound to the last digit, and proved others."""


class Shortage(Family):
    """The shortage of a link is at least its demand less its supply. Declares the columns u."""

    name = "shortage"
    title = Words("环节缺口", "shortage of links")
    formula = r"u_l \ge D_l + \sum_i\sum_m a_{lm} g_{im} x_i - S_l - \sum_i \pi_i g_{il} x_i"
    sentence = Words("环节“{subject}”的缺口＝需求－供给", "shortage of {subject} is demand less supply")
    business = False
    worth_only = True

    def columns(self, case: Case, choices: Choices) -> tuple[ColumnBlock, ...]:
        links = _short_links(case, np.unique(choices.candidate))
        words, most = Words("缺口 {link}", "shortage {link}"), _largest(case, choices)[links]
        return (ColumnBlock("shortage", "u", words, {"link": links}, most),)

    def rows(self, case: Case, layout: Layout) -> Rows:
        links = layout.block("shortage").about["link"]
        row_of = numbering(links, len(case.links))
        at = layout.chosen
        candidate = layout.candidate[at]
        link = case.candidates["link"].to_numpy(np.int64)[candidate]
        output = case.candidates["capacity"].to_numpy(float)[candidate]
        expected = output * case.candidates["landing_probability"].to_numpy(float)[candidate]
        supplied = row_of[link] >= 0
        entry, edge = _edges_of(case, link)
        drawn_row = row_of[case.edges["from_link"].to_numpy(np.int64)[edge]]
        drawn = -case.edges["coefficient"].to_numpy(float)[edge] * output[entry]
        kept = drawn_row >= 0
        row = np.concatenate([row_of[link[supplied]], drawn_row[kept], np.arange(len(links))])
        column = np.concatenate([at[supplied], at[entry[kept]], layout.positions("shortage")])
        value = np.concatenate([expected[supplied], drawn[kept], np.ones(len(links))])
        gap = (case.links["demand"] - case.links["supply"]).to_numpy(float)[links]
        return rows_of(layout, (row, column, value), {"link": links}, gap)

    def check(self, case: Case, accounts: Accounts) -> Iterator[Held]:
        for told, link in zip(accounts.after.shortage.tolist(), accounts.chosen.after, strict=True):
            yield Held(abs(told - link.shortage), NO_SHORTAGE, link.demand + link.supply)

    def subject(self, case: Case, layout: Layout, about: Mapping[str, int]) -> Subject:
        return link_subject(case, about)


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


def _edges_of(case: Case, link: Ints) -> tuple[Ints, Ints]:
    """For the links of some entries every supply edge into them: (entry, edge)."""
    edge_to = case.edges["to_link"].to_numpy(np.int64)
    order = np.argsort(edge_to, kind="stable")
    starts = np.searchsorted(edge_to[order], link, side="left")
    counts = np.searchsorted(edge_to[order], link, side="right") - starts
    counts[link < 0] = 0
    entry = np.repeat(np.arange(len(link)), counts)
    return entry, order[np.repeat(starts, counts) + (np.arange(len(entry)) - np.repeat(np.cumsum(counts) - counts, counts))]
