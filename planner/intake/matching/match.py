"""The firms of a plan held against its links: which link each might be of, by what it makes. Suggestions only; nothing is taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from planner.case.case import Bools
from planner.intake.codes import problem, refusal
from planner.intake.firms import Firm, check_firms, column_called, firms_of
from planner.intake.matching.evidence import LinkText, Scores, Suggestion, plain, suggest
from planner.language import Words
from planner.problems import InputError, Place, Problem, errors, nearest
from planner.reading.phrases import split_list
from planner.reading.read import read_tables
from planner.reading.table import Table, Tables
from planner.settings.load import Loaded, load_settings
from planner.tables.codes import nearest_words

BUSINESS = (
    ("主营业务", "主营", "main business", "business", "业务描述", "公司业务", "企业简介"),
    ("主要产品", "主营产品", "主导产品", "产品", "产品名称", "products", "main products"),
    ("经营范围", "业务范围", "business scope"),
    ("项目内容", "建设内容", "项目名称", "project"),
)
"""Headers of columns that say what a firm makes; of each line the first that the table has is read."""
SYNONYMS = ("同义词", "别名", "别称", "又称", "关键词", "synonyms", "aliases", "keywords")
"""Headers of the column of a link's other names."""
CONTEXT = ("环节", "环节组", "大类", "中类", "所属大类", "细分领域", "产品", "关键产品", "group", "category", "说明")
"""Headers of columns that place a link among others; those that stand for its id or name are none."""
TOP = 3
"""Links that are suggested for a firm."""
MOST = 50
"""As many as anybody asks for."""
HITS = (1, 3, 10)


@dataclass(frozen=True, eq=False)
class Matches:
    """What was found; N firms in the order of the table."""

    loaded: Loaded
    firms: Table
    links: tuple[LinkText, ...]
    chains: tuple[str, ...]
    """Of each link the name of its chain."""
    allowed: Bools
    """Shape (N, links): the link is of the chain that the firm states, or the firm states none."""
    read: tuple[str, ...]
    """Headers of the columns that say what the firms make; the name is always read."""
    scores: Scores
    every_firm: tuple[Firm, ...]
    """Firms that are here too."""
    warnings: tuple[Problem, ...]

    @property
    def ids(self) -> list[str]:
        """Of each firm."""
        return [str(name) for name in self.firms.frame["candidate_id"]]

    @property
    def names(self) -> list[str]:
        """Of each firm; its id where the table has no names."""
        return [str(name) for name in self.firms.frame["name" if "name" in self.firms.frame else "candidate_id"]]

    @property
    def stated(self) -> list[str]:
        """The link that the table states for each firm; blank for none."""
        return _texts(self.firms, "link_id")

    def link(self, link_id: str) -> int:
        """Position of a link; −1 where there is none of that id."""
        return {link.link_id: at for at, link in enumerate(self.links)}.get(link_id, -1)

    def hits(self) -> tuple[int, tuple[int, ...]]:
        """How many firms state a link that there is, and for how many of them it is among the first 1, 3 and 10."""
        known = sum(self.link(stated) >= 0 for stated in self.stated)
        return known, tuple(int(((self.scores.rank > 0) & (self.scores.rank <= most)).sum()) for most in HITS)

    def suggestion(self, firm: int, link: int) -> Suggestion | None:
        """What is said for a link and a firm, where that link is suggested for it."""
        return next((one for one in self.scores.best[firm] if one.link == link), None)


def match(path: str | Path, columns: Sequence[str] = (), top: int = TOP) -> Matches:
    """Suggestions for every firm of a plan file, also for one that states its link. ``columns``: headers of what the firms make, where
    the table calls it otherwise. A firm that states its chain is held against the links of that chain alone.

    Raises:
        planner.problems.InputError: the plan, its firms or its links cannot be read; there is no table of links; no such column.
    """
    loaded = load_settings(Path(path))
    tables, problems = read_tables(loaded.settings, loaded.folder, loaded.place)
    if "links" not in tables and not any(found.code in ("T101", "T102", "T106") for found in problems):
        problems = (*problems, problem("I152", loaded.place("tables"), "tables"))
    if "links" not in tables or "candidates" not in tables:
        raise InputError(problems)
    firms, warnings = tables["candidates"], check_firms(firms_of(tables))
    if wrong := errors(problems):
        warnings.append(problem("I153", Place(loaded.path.name), "", str(wrong[0].place or ""), count=len(wrong)))
    links, chains = link_texts(tables)
    read = _business(firms, columns)
    texts = [" ".join(parts) for parts in zip(*(_texts(firms, name) for name in ("name", *read)), strict=True)]
    at = {link.link_id: number for number, link in enumerate(links)}
    stated = np.array([at.get(name, -1) for name in _texts(firms, "link_id")], dtype=np.int64)
    own, of_links = np.array(_texts(firms, "chain_id"), dtype=object), np.array(_texts(tables["links"], "chain_id"), dtype=object)
    free = (own == "") | ~np.isin(own, of_links)
    allowed = free[:, None] | (own[:, None] == of_links[None, :])
    scores = suggest(texts, links, top, stated, allowed)
    if nothing := sum(not found for found in scores.best):
        warnings.append(problem("I154", Place(loaded.path.name), "", count=nothing))
    headers = tuple(firms.headers.get(name, name) for name in read)
    return Matches(loaded, firms, links, chains, allowed, headers, scores, tuple(firms_of(tables)), tuple(warnings))


def link_texts(tables: Tables) -> tuple[tuple[LinkText, ...], tuple[str, ...]]:
    """The links in words, in the order of their table, and the name of the chain of each."""
    table = tables["links"]
    chain_names = (
        dict(zip(_texts(tables["chains"], "chain_id"), _texts(tables["chains"], "name"), strict=True)) if "chains" in tables else {}
    )
    ids, names = _texts(table, "link_id"), _texts(table, "name")
    chains = [chain_names.get(chain) or chain for chain in _texts(table, "chain_id")]
    synonyms = column_called(table, SYNONYMS)
    groups = [name for wanted in CONTEXT if (name := column_called(table, (wanted,))) in table.extra and name != synonyms]
    said = [split_list(text) for text in _texts(table, synonyms)]
    around = list(zip(*(_texts(table, name) for name in dict.fromkeys(groups)), chains, strict=True))
    texts = (
        LinkText(*parts)
        for parts in zip(ids, [name or own for name, own in zip(names, ids, strict=True)], said, around, strict=True)
    )
    return tuple(texts), tuple(chains)


def _texts(table: Table, column: str | None) -> list[str]:
    """The cells of a column as text; blank ones where the table has no such column, or nothing stands there."""
    if column is None or column not in table.frame.columns:
        return [""] * len(table)
    return ["" if value is None or value != value else str(value) for value in table.frame[column].tolist()]


def _business(firms: Table, columns: Sequence[str]) -> list[str]:
    """The columns to be read beside the name: those asked for, else every kind of :data:`BUSINESS` that the table has."""
    found = [(asked, column_called(firms, (asked,))) for asked in columns]
    for asked, column in found:
        if column is None:
            texts = [firms.headers.get(name, name) for name in firms.frame.columns]
            near = nearest(asked, texts) or tuple(text for text in texts if plain(asked) in plain(text))
            listed = Words("表中的列：{names}", "columns of the table: {names}").fill(names=Words.listed(texts))
            raise refusal("I155", firms.place(), "--text", asked, nearest=nearest_words(near, listed))
    named = [column for _, column in found] or [column_called(firms, names) for names in BUSINESS]
    return list(dict.fromkeys(column for column in named if column is not None and column != "name"))
