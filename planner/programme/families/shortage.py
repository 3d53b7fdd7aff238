r"""Shortage at each link, with demand that selected firms bring.

.. math::
    u_l + \sum_i \pi_i g_{il} x_i - \sum_{m}\sum_i a_{lm} g_{im} x_i \ge D_l - S_l, \qquad u_l \ge 0.

Linear because shortage and not coverage is the column (formulation.md, family 5).
"""

from __future__ import annotations

import numpy as np

from planner.language import Words
from planner.programme.blocks import Block, Family, block
from planner.programme.layout import Layout
from planner.tables.case import Case


def _shortage(case: Case, columns: Layout) -> Block:
    links = columns.short_links
    row_of = np.full(len(case.links) + 1, -1, dtype=np.int64)
    row_of[links] = np.arange(len(links))
    at = columns.chosen
    candidate = columns.candidate[at]
    link = case.candidates["link"].to_numpy(np.int64)[candidate]
    output = case.candidates["capacity"].to_numpy(float)[candidate]
    expected = output * case.candidates["landing_probability"].to_numpy(float)[candidate]
    supplied = row_of[link] >= 0
    edge_to = case.edges["to_link"].to_numpy(np.int64)
    order = np.argsort(edge_to, kind="stable")
    starts = np.searchsorted(edge_to[order], link, side="left")
    counts = np.searchsorted(edge_to[order], link, side="right") - starts
    counts[link < 0] = 0
    entry = np.repeat(np.arange(len(at)), counts)
    edge = order[np.repeat(starts, counts) + (np.arange(len(entry)) - np.repeat(np.cumsum(counts) - counts, counts))]
    drawn_row = row_of[case.edges["from_link"].to_numpy(np.int64)[edge]]
    drawn = -case.edges["coefficient"].to_numpy(float)[edge] * output[entry]
    kept = drawn_row >= 0
    row = np.concatenate([row_of[link[supplied]], drawn_row[kept], np.arange(len(links))])
    column = np.concatenate([at[supplied], at[entry[kept]], np.arange(columns.shortage.start, columns.shortage.stop)])
    value = np.concatenate([expected[supplied], drawn[kept], np.ones(len(links))])
    gap = (case.links["demand"] - case.links["supply"]).to_numpy(float)[links]
    return block((len(links), columns.columns), row, column, value, gap, np.inf, {"link": links})


SHORTAGE = Family(
    "shortage",
    Words("环节缺口", "shortage"),
    r"u_l \ge D_l + \sum_i\sum_m a_{lm} g_{im} x_i - S_l - \sum_i \pi_i g_{il} x_i",
    Words("环节“{link}”的缺口＝需求－供给", "shortage of {link} is demand less supply"),
    _shortage,
    business=False,
)
