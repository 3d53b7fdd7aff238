"""Rows that say of themselves that they are void: 作废, 已取消, K4（停用）, 是否有效: 否, 注销日期, ~~K4~~, cancelled.

A plan that took such a row would place a firm that is out of the running; one that left it out would decide for the analyst. So
an id, a name or a column of states that says so is asked about, and a remark is told.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

from planner.language import Words
from planner.problems import Problem
from planner.reading.amounts import Reading, plain, says_nothing
from planner.reading.cells import whole
from planner.reading.headers import Layout
from planner.reading.phrases import read_flag
from planner.reading.table import Grid, filled
from planner.spelling import fold, simplified
from planner.tables.codes import problem
from planner.tables.column import TableSpec

Told = tuple[int, Problem]
"""A row of the grid, and what is told of it."""
_VOID = (
    "作废|废弃|废止|废除|取消|停用|弃用|注销|吊销|撤销|撤回|删除|划掉|划去|删除线|无效|失效|终止|剔除|勿用|不再(?:使用|推进|跟进|考虑|实施)|不计入|放弃|破产|倒闭|停业|歇业|清算|迁出|过期"
    "|void(?:ed)?|cancell?ed|deleted?|obsolete|withdrawn|invalid|terminated|revoked|discontinued|inactive|do ?not ?use"
)
_ABOUT = "原|本|此|该|这|一|行|条|项目|项|企业|公司|园区|客商|数据|记录|合同|协议|签约|登记|重复|录入|this|row|item|project|record|entry|is|was|has been"
_SAYS_VOID = re.compile(
    rf"[\d年月日./-]*(?:(?:{_ABOUT}|现|均|拟|请|应|予以|经|被|已|\s)*(?:{_VOID})|已?[废删]|(?:与\S{{1,10}})?重复(?:项|数据)?)(?:了|的|处理|状态|件|行|\s)*",
    re.I,
).fullmatch
"""A clause that says it of its row: 项目已取消, 2026年3月作废; not 取消审批 or 注销手续办理中."""
_HINT = re.compile(rf"{_VOID}|废|删|重复|~~|\u0336", re.I).search
_STRUCK = re.compile(r"~~.+~~|(?:.\u0336)+", re.S).fullmatch
"""Struck out by the means of plain text."""
_HAN = "\u4e00-\u9fff"
_CLAUSES = re.compile(
    rf"[，。；、！,;!:：()（）【】\[\]{{}}〔〕《》<>「」|/*\n]+|\.(?=\s|$)|\s+[-–—]+\s+|(?<=[{_HAN}])[\s_—-]+|[\s_—-]+(?=[{_HAN}])"
)
_IN_IDS = re.compile(r"[\s_.—–-]+")
_MARK = " ?(?:标志|标记|标识|状态|日期|时间|原因|date|flag|mark|reason)?"
_OF_VOID = re.compile(
    rf"(?:是否|已|is ?)?(?:作废|废止|取消|停用|禁用|注销|吊销|撤销|删除|剔除|void(?:ed)?|cancell?ed|del(?:eted?)?|disabled){_MARK}",
    re.I,
).fullmatch
_OF_VALID = re.compile(
    rf"(?:是否|is ?)?(?:有效|启用|在用|纳入(?:计划|范围)?|入选|计入|采用|valid|active|enabled|in use){_MARK}", re.I
).fullmatch
_OF_STATE = re.compile(r".{0,6}(?:状态|有效性)|.*\b(?:status|state)", re.I).fullmatch
"""Headers of a column that says whether its row counts: filled where it does not, or saying no, or in words."""


def void_rows(grid: Grid, layout: Layout, spec: TableSpec, rows: Sequence[int], chosen: Collection[str] = ()) -> list[Told]:
    """Rows that say that they are void: errors where an id or name (``T305``) or a column of states (``T306``) does, a warning for
    each other column (``T307``). Of a column by which the plan has ``chosen`` the rows, nothing is asked."""
    settled = set(map(fold, chosen))
    found: list[Told] = []
    for name, at in {**layout.columns, **layout.extra}.items():
        header = layout.headers[at]
        column = spec.column(name) if name in layout.columns else None
        if {fold(name), fold(header.text), fold(header.name)} & settled:
            continue
        if column is not None and column.kind not in ("id", "list", "text"):
            continue
        said = list(_said(grid, rows, at, header.name, column is not None and column.kind == "id", column is None))
        if column is not None and (column.kind in ("id", "list") or column.name == "name"):
            found += [(row, problem("T305", grid.place(row, at), header.text, text, table=spec.zh)) for row, text, _ in said]
        elif any(state for _, _, state in said):
            void = dict.fromkeys(text for _, text, _ in said)
            others = {text for row in rows if (text := _text(grid, row, at)) not in void}
            kept = "{blank: true}" if others <= {""} else f"{{exclude: [{', '.join(map(_quoted, void))}]}}"
            line = f"rows: {{{_quoted(header.name)}: {kept}}}"
            found += [(row, problem("T306", grid.place(row, at), header.text, text, line=line)) for row, text, _ in said]
        elif said:
            found.append(_told_once(grid, at, header.text, [(row, text) for row, text, _ in said]))
    return [*found, *_notes(grid, layout, frozenset(rows))]


def _quoted(text: str) -> str:
    """A text as plan.yaml writes it."""
    return text if re.fullmatch(r"[^\W\d][\w ]*|[1-9]\d*|0", text) else "'" + text.replace("'", "''") + "'"


def _told_once(grid: Grid, at: int, header: str, said: Sequence[tuple[int, str]]) -> Told:
    """What rows say in a remark, once for the column: how many, and which come first."""
    row, text = said[0]
    first = Words.listed(str(one + 1) for one, _ in said[:5])
    return row, problem("T307", grid.place(row, at), header, text, count=len(said), rows=first)


def _notes(grid: Grid, layout: Layout, rows: Collection[int]) -> list[Told]:
    """The same of notes that hang on cells of the rows, below the name of who wrote them."""
    last = {at: text.strip().rpartition("\n")[2].strip() for at, text in grid.comments.items() if at[0] in rows}
    void = sorted((column, row, text) for (row, column), text in last.items() if _says_void(text, False))
    columns = {at: [(row, text) for own, row, text in void if own == at] for at, _, _ in void}
    headers = layout.headers
    return [_told_once(grid, at, headers[at].text if at < len(headers) else "", said) for at, said in columns.items()]


def _said(grid: Grid, rows: Sequence[int], at: int, header: str, of_ids: bool, own: bool) -> Iterator[tuple[int, str, bool]]:
    """Row, cell and whether the column is one of states, of each cell that says that its row is void. Only an ``own`` column of
    the file can be one of states."""
    name = re.sub(r"[\s_]+", " ", simplified(plain(header)))
    void, valid, state = (own and says(name) is not None for says in (_OF_VOID, _OF_VALID, _OF_STATE))

    def says_void(text: str) -> bool:
        flag = read_flag(text) if void or valid else None
        answer = flag.value if isinstance(flag, Reading) else None
        stated = (void and answer is not False and not says_nothing(text)) or (valid and answer is False)
        return stated or (_HINT(simplified(text)) is not None and _says_void(text, of_ids))

    texts = [(row, text) for row in rows if (text := _text(grid, row, at))]
    distinct = {text for _, text in texts}
    if void or valid or _HINT(simplified("\n".join(distinct))):  # one look at a column is far quicker than one at each cell
        saying = {text for text in distinct if says_void(text)}
        yield from ((row, text, void or valid or state) for row, text in texts if text in saying)


def _text(grid: Grid, row: int, at: int) -> str:
    cells = grid.rows[row]
    cell = cells[at] if at < len(cells) else None
    return cell.strip() if type(cell) is str else whole(cell).strip() if filled(cell) else ""


@lru_cache(maxsize=4096)
def _says_void(text: str, of_ids: bool) -> bool:
    clauses = [clause for clause in _CLAUSES.split(simplified(plain(text))) if clause]
    clauses += [piece for clause in clauses for piece in _IN_IDS.split(clause)] if of_ids else []
    return _STRUCK(text) is not None or any(_SAYS_VOID(clause.strip()) for clause in clauses)
