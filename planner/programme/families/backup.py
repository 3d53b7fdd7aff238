r"""Backup sources of a link: :math:`b_l = 1` only when there are enough.

.. math::
    (\rho_l - \text{existing}_l)^+\, b_l \le \sum_{\text{distinct firms } f} s_{lf},\qquad
    \sum_i -\ln(1-\pi_i)\, x_i \ge -\ln(1-\alpha)\, b_l .

The first row is :math:`\rho_l b_l \le \text{existing}_l + \sum s` for whole :math:`b`, and tighter for its relaxation. The
second row says "at least one of the new sources lands with probability α"; it is exact for independent landings. A
firm with several projects at a link is one source: :math:`s_{lf} \le \sum_{i\in f} x_i`, :math:`s_{lf}\le 1`.
"""

from __future__ import annotations

import numpy as np

from planner.chains.diagnosis import new_sources, reliability_weight
from planner.language import Words
from planner.programme.blocks import Block, Family, block, empty
from planner.programme.layout import Layout
from planner.tables.case import Case, Ints


def _choices_of(columns: Layout, candidates: Ints, labels: Ints) -> tuple[Ints, Ints]:
    """(label, column) for the columns that choose each of ``candidates``; a candidate has one label."""
    label_of = np.full(int(max(columns.candidate.max(initial=-1), candidates.max(initial=-1))) + 1, -1, dtype=np.int64)
    label_of[candidates] = labels
    at = columns.chosen
    label = label_of[columns.candidate[at]]
    return label[label >= 0], at[label >= 0]


def _sources(case: Case, columns: Layout) -> Block:
    links = columns.backup_links
    row_of = np.full(len(case.links), -1, dtype=np.int64)
    row_of[links] = np.arange(len(links))
    new = new_sources(case, np.unique(columns.candidate))
    shared = np.concatenate(columns.shared_firms) if columns.shared_firms else np.zeros(0, dtype=np.int64)
    alone = new[~new["candidate"].isin(shared)]
    row, at = _choices_of(columns, alone["candidate"].to_numpy(np.int64), row_of[alone["link"].to_numpy(np.int64)])
    firm_rows = row_of[columns.shared_link]
    row = np.concatenate([row, firm_rows, np.arange(len(links))])
    column = np.concatenate(
        [at, np.arange(columns.firms.start, columns.firms.stop), np.arange(columns.backup.start, columns.backup.stop)]
    )
    needed, existing = (case.links[name].to_numpy(float)[links] for name in ("min_sources", "sources"))
    missing = np.maximum(needed - existing, 0.0)
    value = np.concatenate([np.ones(len(at) + len(firm_rows)), -missing])
    return block((len(links), columns.columns), row, column, value, 0.0, np.inf, {"link": links})


def _distinct(case: Case, columns: Layout) -> Block:
    firms = columns.shared_firms
    if not firms:
        return empty(columns.columns)
    labels = np.repeat(np.arange(len(firms)), [len(firm) for firm in firms])
    row, at = _choices_of(columns, np.concatenate(firms), labels)
    row = np.concatenate([row, np.arange(len(firms))])
    column = np.concatenate([at, np.arange(columns.firms.start, columns.firms.stop)])
    value = np.concatenate([np.ones(len(at)), -np.ones(len(firms))])
    return block((len(firms), columns.columns), row, column, value, 0.0, np.inf, {"link": columns.shared_link})


def _reliability(case: Case, columns: Layout) -> Block:
    reliability = case.settings.backup.reliability
    links = columns.backup_links
    short = case.links["sources"].to_numpy(float)[links] < case.links["min_sources"].to_numpy(float)[links]
    if reliability is None or not short.any():
        return empty(columns.columns)
    asked = links[short]
    row_of = np.full(len(case.links), -1, dtype=np.int64)
    row_of[asked] = np.arange(len(asked))
    new = new_sources(case, np.unique(columns.candidate))
    row, at = _choices_of(columns, new["candidate"].to_numpy(np.int64), row_of[new["link"].to_numpy(np.int64)])
    weight = reliability_weight(case.candidates["landing_probability"].to_numpy(float), reliability)
    row = np.concatenate([row, np.arange(len(asked))])
    column = np.concatenate([at, columns.backup.start + np.flatnonzero(short)])
    value = np.concatenate([weight[columns.candidate[at]], np.full(len(asked), np.log1p(-reliability))])
    return block((len(asked), columns.columns), row, column, value, 0.0, np.inf, {"link": asked})


SOURCES = Family(
    "sources",
    Words("备份来源数", "backup sources"),
    r"(\rho_l - \text{existing}_l)^+ b_l \le \sum_f s_{lf}",
    Words("环节“{link}”来源数足够才算有备份", "{link} is backed up only with enough sources"),
    _sources,
    business=False,
)
RELIABILITY = Family(
    "reliability",
    Words("备份可靠度", "backup reliability"),
    r"\sum_i -\ln(1-\pi_i) x_i \ge -\ln(1-\alpha) b_l",
    Words(
        "环节“{link}”至少一个新来源落地的概率足够才算有备份",
        "{link} is backed up only if a new source lands with the probability asked for",
    ),
    _reliability,
    business=False,
)
DISTINCT = Family(
    "distinct",
    Words("同一企业只算一个来源", "one firm is one source"),
    r"s_{lf} \le \sum_{i\in f} x_i,\ s_{lf}\le 1",
    Words("环节“{link}”同一企业的几个项目只算一个来源", "several projects of one firm at {link} count once"),
    _distinct,
    business=False,
)
