r"""What an earlier solve has proved, as far as it holds for the programme of today: its bound without its search.

The run keeps its programme beside the plan. Say b is its bound, c its objective, and c' the objective of today, the columns of both
matched by what they stand for. Where every solution of today, 0 in the columns that have gone, satisfies the earlier limits, then
for any α ≥ 0

.. math:: \max c'x = \max\,(\alpha\, c x + (c' - \alpha c) x) \le \alpha\, b + \max\,(c' - \alpha c) x ,

and the last is bounded by weak duality of today's linear relaxation at any prices, exactly
(:meth:`planner.solvers.bounds.duals.Priced.bound`); it is 0 where the objective is the same. α = 1 does for an objective that
differs in a few columns, α = :math:`c\cdot c' / c\cdot c` for one that is measured otherwise as a whole. The linear relaxation of a province
takes longer than the search may: there the most that each choice comes to by itself is looked at first (:func:`_least`).

That a solution of today satisfies an earlier row :math:`l \le a x \le u` is shown row by row and never assumed: with the row of
today that is paired with it, :math:`l' \le a' x \le u'`,

.. math:: a x \le u' + \max_{lower \le x \le upper}\,(a - a') x \le u ,

and so below; or by the bounds of the columns alone. A row that was relaxed is not shown, and then nothing holds. Which columns and rows are
paired is a guess: a wrong pair shows less, and never too much.
"""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import pairwise
from operator import itemgetter
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from planner.plan.model import Plan
from planner.plan.whole_folder import whole_file
from planner.programme.build import Programme
from planner.solvers.bounds.linear import relaxed
from planner.solvers.bounds.pooled import Weak
from planner.solvers.bounds.sifting import SiftingParameters
from planner.solvers.check import Claim, conclude, least_bound, proof_margin, sound
from planner.solvers.lp import value_step
from planner.solvers.protocol import (
    Bools,
    Floats,
    Ints,
    Listener,
    Matrix,
    Progress,
    Reason,
    Solution,
    Stopping,
    never,
    relative_gap,
)
from planner.solvers.registry import solve

PROOF_FILE = "proof.npz"
MOST_ENTRIES = 5_000_000
"""Programmes with more entries are not kept: the file would take longer to write than a first bound to find."""
SECONDS = 60.0
"""For a linear relaxation, where no clock has a say."""
LITTLE = 1e-4
"""Of the bound: what of it may be lost for a linear relaxation that is not solved."""
SEED = 1
"""Of what is drawn while a relaxation is sifted: the same question has the same answer."""
PROVED: tuple[Reason, ...] = ("optimal", "gap_reached")
ROUNDING = 1e-12
"""Relative room for the products and sums of the comparison."""


@dataclass(frozen=True, eq=False)
class Proved:
    """A programme, and a bound on its first level."""

    matrix: Matrix
    columns: NDArray[np.str_]
    """What each column stands for, shape (n,)."""
    rows: NDArray[np.str_]
    """What each row speaks of, shape (m,)."""
    bound: float


def proved(programme: Programme, bound: float) -> Proved:
    """The programme with its bound."""
    return Proved(programme.matrix, _names(programme), _row_names(programme), bound)


def write_proof(folder: Path, programme: Programme, plan: Plan) -> None:
    """Keep what the run has proved in its folder. Where that cannot be written a later run does without."""
    matrix = programme.matrix
    if plan.objective.levels or plan.objective.bound is None or matrix.rows.nnz > MOST_ENTRIES:
        return
    kept = proved(programme, plan.objective.bound)
    arrays = {name: getattr(matrix, name) for name in ("objective", "row_lower", "row_upper", "lower", "upper", "integer")}
    arrays |= {name: getattr(matrix.rows, name) for name in ("data", "indices", "indptr")}
    arrays |= {
        "offset": np.array(matrix.offset),
        "columns": np.char.encode(kept.columns, "utf-8"),
        "rows": np.char.encode(kept.rows, "utf-8"),
    }
    with suppress(OSError), whole_file(folder / PROOF_FILE) as fresh, fresh.open("wb") as file:
        np.savez_compressed(file, seal=np.array(plan.seal), **arrays)


def read_proof(folder: Path, plan: Plan) -> Proved | None:
    """What was kept beside this very plan; None where there is nothing of the kind, or nothing that can be read."""
    if plan.objective.bound is None:
        return None
    try:
        content = (folder / PROOF_FILE).read_bytes()
        with np.load(io.BytesIO(content), allow_pickle=False) as told:
            if str(told["seal"]) != plan.seal:
                return None
            shape = (len(told["row_lower"]), len(told["lower"]))
            rows = csr_array((told["data"], told["indices"], told["indptr"]), shape=shape)
            sides = {name: told[name] for name in ("row_lower", "row_upper", "lower", "upper", "integer")}
            matrix = Matrix(objective=told["objective"], offset=float(told["offset"]), rows=rows, **sides)
            columns, names = (np.char.decode(told[name], "utf-8") for name in ("columns", "rows"))
            return Proved(matrix, columns, names, plan.objective.bound)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def bound_of(earlier: Proved, programme: Programme, seconds: float | None = None) -> float | None:
    """A bound on the programme by what was proved earlier; None where that says nothing of it. ``seconds``: for a linear relaxation, of which
    what is proved on the way counts, too; None: no clock has a say, but that one which takes longer than ``SECONDS`` says nothing."""
    new, old = programme.matrix, earlier.matrix
    at = pd.Index(earlier.columns).get_indexer(pd.Index(_names(programme)))
    if len(programme.levels) > 1 or not len(new.row_lower) or (at < 0).any() or not _within(new, old, at):
        return None
    part = csr_array(old.rows[:, at])
    open_ = np.arange(part.shape[0])
    for pair in (_same_name, _same_entries):
        rows = csr_array(part[open_])
        pairs = pair(earlier.rows[open_], rows, _row_names(programme), new)
        open_ = open_[~_implied(new, rows, old.row_lower[open_], old.row_upper[open_], pairs)]
        if not len(open_):
            break
    else:
        return None
    worth = old.objective[at]
    size = float(worth @ worth)
    shares = {1.0, float(new.objective @ worth) / size if size > 0.0 else 1.0}
    rests = [_rest(earlier.bound, share, new, worth, old.offset) for share in shares if share >= 0.0]
    least = _least(rests, LITTLE * abs(earlier.bound), seconds)
    return least_bound(new, least, value_step(new)) if np.isfinite(least) else None


def solve_below(bound: float, matrix: Matrix, solver: str, stopping: Stopping, listen: Listener, start: Floats | None) -> Solution:
    """Maximise with a bound that is known beforehand: no search where ``start`` is within the gap of it, and none that goes on once a
    plan is. Counted work is done to its end (R8)."""
    began, begun = time.monotonic(), sound(matrix, start)
    if begun is not None:
        found = conclude(matrix, stopping, solver, Claim("time_limit", begun, None, "by the earlier proof"), 0.0)
        ended = replace(found.termination, reference=matrix.reference)
        found = with_bound(matrix, replace(found, termination=ended), bound, stopping)
        if found.termination.reason in PROVED:
            return found
    enough = False

    def hear(now: Progress) -> None:
        nonlocal enough
        holds = now.value is None or now.value <= bound
        listen(replace(now, bound=bound if now.bound is None else min(bound, now.bound)) if holds else now)
        gap = relative_gap(now.value, bound, matrix.reference)
        enough |= stopping.work is None and holds and gap is not None and gap <= stopping.gap

    found = with_bound(matrix, solve(matrix, solver, stopping, hear, start, lambda: enough), bound, stopping)
    if not enough or found.termination.reason in PROVED:
        return found
    # The plan that was shown is none by exact data.
    left = stopping.after(time.monotonic() - began)
    return with_bound(matrix, solve(matrix, solver, left, listen, found.values), bound, stopping)


def with_bound(matrix: Matrix, solution: Solution, bound: float, stopping: Stopping) -> Solution:
    """The solution with a further bound, and what it proves. A bound that the plan beats by more than rounding is none."""
    ended = solution.termination
    value = ended.value
    if value is None or (ended.bound is not None and ended.bound <= bound):
        return solution
    margin = proof_margin(matrix, value)
    if bound < value - margin:
        return solution
    if bound - value <= margin:
        return replace(solution, termination=replace(ended, bound=value, reason="optimal"))
    gap = relative_gap(value, bound, matrix.reference) or 0.0
    return replace(solution, termination=replace(ended, bound=bound, reason="gap_reached" if gap <= stopping.gap else ended.reason))


def _names(programme: Programme) -> NDArray[np.str_]:
    """What each column stands for: candidate, park and quarter by their ids; of other columns the block and the place in it."""
    case, layout = programme.case, programme.layout
    candidates, parks = case.candidates["candidate_id"].astype(str).to_numpy(), case.parks["park_id"].astype(str).to_numpy()
    ids = [np.append(labels, "") for labels in (candidates, parks, np.array(case.quarters, dtype=object))]
    parts = [labels[places] for labels, places in zip(ids, (layout.candidate, layout.park, layout.quarter), strict=True)]
    names = ["\t".join(part) for part in zip(*parts, strict=True)]
    return np.array([*names, *(f"{block.name}\t{n}" for block in layout.blocks for n in range(block.size))], dtype=str)


def _within(new: Matrix, old: Matrix, at: Ints) -> bool:
    """Whether every column of today has bounds within the earlier ones and is whole where it was, and those that have gone may be 0."""
    gone = np.ones(len(old.lower), dtype=bool)
    gone[at] = False
    kept = (new.lower >= old.lower[at]) & (new.upper <= old.upper[at]) & (new.integer | ~old.integer[at])
    return bool(kept.all() and (old.lower[gone] <= 0.0).all() and (old.upper[gone] >= 0.0).all())


def _row_names(programme: Programme) -> NDArray[np.str_]:
    """What each row speaks of: its family, the positions of what it is about, and which it is of several of one name."""
    names: list[str] = []
    for family, part in zip(programme.families, programme.rows, strict=True):
        about = [values.astype(str).tolist() for _, values in sorted(part.about.items())]
        names += ["\t".join(row) for row in zip([family.name] * part.size, *about, strict=True)]
    each = pd.Series(names, dtype=str)
    return np.array((each + "\t" + each.groupby(each).cumcount().astype(str)).tolist(), dtype=str)


def _same_name(names: NDArray[np.str_], _rows: csr_array, today: NDArray[np.str_], _new: Matrix) -> Ints:
    """For each earlier row the row of today that is held against it, −1 for none."""
    return np.asarray(pd.Index(today).get_indexer(pd.Index(names)), dtype=np.int64)


def _same_entries(_names: NDArray[np.str_], rows: csr_array, _today: NDArray[np.str_], new: Matrix) -> Ints:
    """As :func:`_same_name`, where rows have come or gone."""
    known = {key: row for row, key in enumerate(_contents(new.rows))}
    return np.array([known.get(key, -1) for key in _contents(rows)], dtype=np.int64)


def _contents(rows: csr_array) -> list[tuple[bytes, bytes]]:
    """Columns and numbers of each row."""
    rows = rows.copy()
    rows.sum_duplicates()
    rows.eliminate_zeros()
    rows.sort_indices()
    return [(rows.indices[a:b].astype(np.int64).tobytes(), rows.data[a:b].tobytes()) for a, b in pairwise(rows.indptr.tolist())]


def _implied(new: Matrix, rows: csr_array, lower: Floats, upper: Floats, pair: Ints) -> Bools:
    """Which of the earlier ``rows`` every solution of today satisfies, shape (m,)."""
    bare_low, bare_high = _extent(rows, new)
    held = pair >= 0
    theirs = csr_array(new.rows[np.where(held, pair, 0)])
    theirs.data *= np.repeat(held, np.diff(theirs.indptr))
    low, high = _extent(csr_array(rows - theirs), new)
    below, above = np.where(held, new.row_lower[pair], -np.inf), np.where(held, new.row_upper[pair], np.inf)
    with np.errstate(invalid="ignore"):
        low, high = np.fmax(below + low, bare_low), np.fmin(above + high, bare_high)
    return np.asarray((low >= lower) & (high <= upper))


def _extent(rows: csr_array, new: Matrix) -> tuple[Floats, Floats]:
    """(least, most) that each row comes to within the bounds of the columns, rounding on the safe side."""
    rows.eliminate_zeros()
    count = rows.shape[0]
    row, data = np.repeat(np.arange(count), np.diff(rows.indptr)), rows.data
    ends = data * new.lower[rows.indices], data * new.upper[rows.indices]
    least, most = np.minimum(*ends), np.maximum(*ends)
    rooms = (ROUNDING * np.bincount(row, np.abs(end), count) for end in (least, most))
    below, above = rooms
    return np.bincount(row, least, count) - below, np.bincount(row, most, count) + above


@dataclass(frozen=True, eq=False)
class _Rest:
    """What is left of an objective for one α of the module's words."""

    fixed: float
    """What the earlier bound says, with the doubt of rounding."""
    programme: Matrix
    """The programme of today with c' − αc alone."""

    def alone(self) -> float:
        """The bound by the most that each choice comes to, whatever the others do."""
        return self.fixed + Weak.of(self.programme).bound()

    def relaxed(self, seconds: float | None) -> float:
        """The bound by the linear relaxation."""
        found = relaxed(self.programme, self.programme.block, SECONDS if seconds is None else seconds, SEED, lambda _: None, never)
        return self.fixed + found.bound if found.solved or seconds is not None else float("inf")


def _rest(bound: float, share: float, new: Matrix, worth: Floats, offset: float) -> _Rest:
    """For α = ``share``."""
    rest = new.objective - share * worth
    rest[np.abs(rest) <= 4.0 * np.finfo(np.float64).eps * np.abs(new.objective)] = 0.0
    doubt = ROUNDING * (abs(new.offset) + share * (abs(bound) + abs(offset)))
    # What was taken for 0 comes back at its most.
    with np.errstate(invalid="ignore"):
        lost = np.abs(new.objective - share * worth - rest) * np.maximum(np.abs(new.lower), np.abs(new.upper))
    doubt += float(lost[lost > 0.0].sum())
    return _Rest(new.offset + share * (bound - offset) + doubt, replace(new, objective=rest, offset=0.0, reference=0.0))


def _least(rests: Sequence[_Rest], little: float, seconds: float | None) -> float:
    """The least bound of these; inf: there is none. Of a large programme the most that each choice comes to by itself is known at once, and
    is enough where all of it is ``little``: one cell was changed, and what all figures are measured by is a little different. Else the
    relaxation is solved for the α by which that is least."""
    same = [rest.fixed for rest in rests if not rest.programme.objective.any()]
    if same:
        return min(same)
    bound = float("inf")
    if len(rests[0].programme.lower) > SiftingParameters().at_once:
        bound, best = min(((rest.alone(), rest) for rest in rests), key=itemgetter(0))
        if bound - best.fixed <= little:
            return bound
        rests = [best]
    return min(bound, *(rest.relaxed(seconds) for rest in rests))
