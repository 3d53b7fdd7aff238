r"""Backup sources of a link: :math:`b_l = 1` only when there are enough.

.. math::
    (\rho_l - \text{existing}_l)^+\, b_l \le \sum_{\text{distinct firms } f} s_{lf},\qquad
    \sum_i -\ln(1-\pi_i)\, x_i \ge -\ln(1-\alpha)\, b_l .

The first row is :math:`\rho_l b_l \le \text{existing}_l + \sum s` for whole :math:`b`, and tighter for its relaxation. The
second row says "at least one of the new sources lands with probability α"; it is exact for independent landings. A
firm with several projects at a link is one source: :math:`s_{lf} \le \sum_{i\in f} x_i`, :math:`s_{lf}\le 1`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from planner.case.accounts import Accounts
from planner.case.case import Case, Ints
from planner.case.chains import new_sources, reliability_weight
from planner.language import Words
from planner.layout.columns import Choices, ColumnBlock, Layout
from planner.layout.rows import Rows, numbering, rows_of, stack
from planner.limits.family import Family, Held, Subject
from planner.limits.names import link_subject


def _choices_of(layout: Layout, candidates: Ints, labels: Ints) -> tuple[Ints, Ints]:
    """(label, column) for the columns that choose each of ``candidates``; a candidate has one label."""
    label_of = np.full(int(max(layout.candidate.max(initial=-1), candidates.max(initial=-1))) + 1, -1, dtype=np.int64)
    label_of[candidates] = labels
    at = layout.chosen
    label = label_of[layout.candidate[at]]
    return label[label >= 0], at[label >= 0]


class _Backup(Family):
    """What the families of backups share: they only say what a choice is worth."""

    business = False
    worth_only = True

    def subject(self, case: Case, layout: Layout, about: Mapping[str, int]) -> Subject:
        return link_subject(case, about)


class Sources(_Backup):
    """A link is backed up only with as many sources as it asks for. Declares the columns b."""

    name = "sources"
    title = Words("备份来源数", "backup sources")
    formula = r"(\rho_l - \text{existing}_l)^+ b_l \le \sum_f s_{lf}"
    sentence = Words("环节“{subject}”来源数足够才算有备份", "{subject} is backed up only with enough sources")

    def columns(self, case: Case, choices: Choices) -> tuple[ColumnBlock, ...]:
        links = np.flatnonzero(case.links["min_sources"].to_numpy(float) > 0)
        words = Words("备份 {link}", "backup {link}")
        return (ColumnBlock("backup", "b", words, {"link": links}, np.ones(len(links)), whole=True),)

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
        for told, link in zip(accounts.after.backed_up.tolist(), accounts.chosen.after, strict=True):
            if told:
                yield Held(link.needed, link.sources)


class Reliability(_Backup):
    """A link is backed up by newcomers only if one of them lands with the probability asked for."""

    name = "reliability"
    title = Words("备份可靠度", "backup reliability")
    formula = r"\sum_i -\ln(1-\pi_i) x_i \ge -\ln(1-\alpha) b_l"
    sentence = Words(
        "环节“{subject}”至少一个新来源落地的概率足够才算有备份",
        "{subject} is backed up only if a new source lands with the probability asked for",
    )

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
        for told, link in zip(accounts.after.backed_up.tolist(), accounts.chosen.after, strict=True):
            if told and asked is not None:
                yield Held(0.0 if link.backed_up(asked) else 1.0, 0.0)


class Distinct(_Backup):
    """Several projects of one firm at a link are one source. Declares the columns s."""

    name = "distinct"
    title = Words("同一企业只算一个来源", "one firm is one source")
    formula = r"s_{lf} \le \sum_{i\in f} x_i,\ s_{lf}\le 1"
    sentence = Words("环节“{subject}”同一企业的几个项目只算一个来源", "several projects of one firm at {subject} count once")

    def columns(self, case: Case, choices: Choices) -> tuple[ColumnBlock, ...]:
        new = new_sources(case, np.unique(choices.candidate))
        new = new[case.links["min_sources"].to_numpy(float)[new["link"].to_numpy(np.int64)] > 0]
        groups = [(link, group) for (link, _), group in new.groupby(["link", "firm"], sort=True) if len(group) > 1]
        links = np.array([int(link) for link, _ in groups], dtype=np.int64)
        members = tuple(group["candidate"].to_numpy(np.int64) for _, group in groups)
        words = Words("同一企业计一次 {link}", "one firm counted once {link}")
        # Its rows make the column whole where those of its members are.
        return (ColumnBlock("firms", "s", words, {"link": links}, np.ones(len(links)), members=members),)

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
        for told, link in zip(accounts.after.sources.tolist(), accounts.chosen.after, strict=True):
            yield Held(abs(told - link.sources), 0.0)
