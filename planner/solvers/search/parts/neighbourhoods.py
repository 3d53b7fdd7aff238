r"""Better plans from a good one: parts of the model set free again and again, everything else held as it is.

A *part* is a set of columns. The rows that touch it, less what the held columns use of them, make a small model of its own,
solved exactly in a fraction of a second; whatever it finds is a plan of the whole, never a worse one. What makes a part pay,
measured on a province (20,000 choices, 100 places of five limits each), in value gained per second of the same search:

=====================================================  ====
a few places, all that stand in them, and newcomers      1
… and a way for newcomers into room left elsewhere       3
… and newcomers ranked by what is missing *now*          5
=====================================================  ====

- **Places.** A row that only some of a choice's alternatives touch is a limit of a place. Rows of nearly the same
  alternatives are one place. Prices of the relaxation hardly tell places apart, so the part decides by drawing: places
  that share many candidates, and what fits elsewhere as it is.
- **Newcomers** are ranked by the better of two profits: at the relaxation's prices, and at those of the plan itself, where
  a shortage is paid in full while it lasts and nothing afterwards. The relaxation fills every gap exactly; a plan cannot.
- **Room to move.** When a few places hold nothing better, exchanging what is hardly worth having all over the model does, if
  all that may go may also stand elsewhere: on a province at 0.997, value a second of the processor, a few places alone under
  0.1e-5, with 40 such choices 2e-5, 80 of them without a place and one alternative each 0, with three alternatives 15e-5.
- **Short and many.** Nine tenths of what a part yields come in its first half second.
- **Priced.** Of a part that is far too large to be solved, its linear relaxation says which columns are worth it
  (:mod:`planner.solvers.search.parts.priced`). Where teams and quarters are what is scarce that pays a multiple, and so it does from a good
  plan of a province. All ways of who may come have to be there, as far as they fit: with only those that the relaxation of the whole
  looked at, a province came from 1.0057 to 1.0059 in 45 s of the processor, with all ways to 1.0063 to 1.0077.
- **At a vertex.** The whole model is such a part as well, over what a vertex of its relaxation uses and what the plan does: of a plan that is
  built, or of another beginning, it makes in one to three seconds what other parts make in ten.
- **Shifts.** Nobody comes where teams are full before somebody else has moved in time.
- **Crossed.** Two plans that were found by different ways, one of them by a tree or from another beginning, have most projects in common.
  What they do not do alike is a part: the best of both, and what goes with neither (family 21, tuned on: plans of 0.5654 and 0.5585 come to
  0.5704 in 3 s, where 30 s of other parts had given nothing).
- **Merged.** What any of several plans does, and nothing else: those of three other beginnings and of trees. That is small (an eighth to a
  fifth of the columns), often searched to its end, and says what of all of them goes together.
- **Exchanges** of single choices, all of them, and no programme (:mod:`planner.solvers.search.parts.exchanges`), and
- **Cores**, what the relaxation leaves to doubt, from no plan at all (:mod:`planner.solvers.search.parts.core`). Where other parts give nothing
  any more, what either of these meets is crossed with the best plan, though it is no better.

Kinds of parts, their sizes and who solves them follow what pays (:mod:`planner.solvers.search.parts.pays`). Numbers only: with no places, clusters or prices the other kinds
remain, and every part is valid for any model.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from planner.solvers.bounds.relaxations import Aggregate
from planner.solvers.groups import rank
from planner.solvers.protocol import Bools, Floats, Ints, Matrix
from planner.solvers.search.parts.kinds import (
    BEGINNING,
    CORED,
    FAR,
    MAIN,
    PRICED,
    SOLVERS,
    Kind,
    NeighbourhoodParameters,
    Part,
    PartSolver,
)
from planner.solvers.search.parts.pays import Pays
from planner.solvers.search.parts.sizes import Sizes
from planner.solvers.search.parts.structure import Parts, Structure, near, promising, some_blocks


@dataclass
class Had:
    """What has come of parts since the plan that they are cut from is another."""

    parts: int = 0
    barren: int = 0
    """Of these, the last ones in a row that gave nothing."""


class Neighbourhoods:
    """Proposes parts of one model; adapts to what comes of them. The same seed and the same results: the same parts."""

    def __init__(
        self,
        matrix: Matrix,
        relaxed: Aggregate,
        dual: Floats | None,
        seed: int,
        hints: Bools | None = None,
        parameters: NeighbourhoodParameters = NeighbourhoodParameters(),
        in_lanes: bool = False,
        charged: Floats | None = None,
    ) -> None:
        """``dual``: prices of the relaxation's rows (≥ 0 for ≤), shape of its rows; None: not known. ``hints``: whether someone
        else thinks well of each block; some of these are among the newcomers of every part. ``in_lanes``: parts are solved in
        :mod:`planner.solvers.search.parts.lanes`, which choose columns by their relaxation where a part asks for that, and have every solver
        of :data:`SOLVERS`; otherwise by HiGHS, as they stand. ``charged``: see
        :class:`planner.solvers.search.parts.structure.Structure`."""
        self.matrix, self.parameters = matrix, parameters
        self.parts = Parts(matrix)
        self.structure = Structure(matrix, relaxed, None)
        self._dice = np.random.default_rng(seed)
        shape = self.structure
        usable: dict[Kind, bool] = {"places": shape.places > 1, "cluster": shape.clusters > 1, "rows": len(shape.homes) > 0}
        usable |= {"margin": False, "vertex": False, "any": True}
        self._relevant: Ints | None = None
        self._exchangeable = in_lanes and shape.blocks > 0
        if self._exchangeable:
            # What a place is in a period, as a team in a quarter, only the model with its periods tells.
            self._timed = Structure(matrix, Aggregate(matrix, np.arange(len(matrix.objective))), None)
            usable |= {"priced anywhere": True, "priced places": shape.places > 1, "priced clusters": shape.clusters > 1}
            usable["priced shifts"] = len(np.unique(shape.group)) < len(shape.group)
            usable["priced periods"] = self._timed.places > max(shape.places, 1)
            self._entries = shape.entries_of_ways(np.diff(self.parts.columns.indptr))
            usable["exchanges"] = bool(parameters.looked_at * self._entries.sum() <= parameters.exchanged)
        self._solvers: tuple[PartSolver, ...] = SOLVERS if in_lanes else ("highs",)
        self._sizes = Sizes(parameters, matrix.rows.nnz / max(shape.blocks, 1))
        self._paid_of_kind, self._paid_of_solver = Pays(parameters.pays), Pays(parameters.pays)
        self._usable = usable
        self._offered: dict[str, Floats] = {}
        self._known: dict[str, Floats] = {}
        self._to_merge: tuple[PartSolver, ...] = ()
        self.learn(dual, charged)
        self.take_hints(hints)
        self.begin_anew()

    def begin_anew(self) -> None:
        """Parts are of another plan from now on; what kinds of them have paid is kept."""
        self._seconds, self._to_begin = self.parameters.seconds, tuple[Kind, ...]()
        self.had = Had()

    @property
    def _idle(self) -> int:
        """Parts in a row without a gain, since they last were given more time."""
        return self.had.barren % self.parameters.tired

    @property
    def sure(self) -> float:
        """Relative distance of the relaxation from the plan up to which there are cores."""
        return self.parameters.sure if self.structure.places > 1 else math.inf

    def learn(self, dual: Floats | None, charged: Floats | None) -> None:
        """Go on with these prices; what kinds of parts have paid is kept."""
        self.structure.price(dual, charged)
        self._usable["margin"] = dual is not None

    def take_hints(self, hints: Bools | None) -> None:
        """Go on with these hints; those that the class is begun with."""
        self._hints = None if hints is None else np.flatnonzero(hints)

    def look_at(self, columns: Ints | None) -> None:
        """Columns that the relaxation of the whole has come to: the next part keeps what a vertex of it uses. None: not known."""
        if self._exchangeable and columns is not None:
            self._relevant, self._usable["vertex"] = columns, True
            self.look_again()

    def look_again(self) -> None:
        """The next part keeps what another vertex of that relaxation uses, where it is known, and the one after it is of exchanges."""
        self.begin_with(*BEGINNING)

    def begin_with(self, *kinds: Kind) -> None:
        """The next parts are of these kinds, as far as there are such parts."""
        self._to_begin = tuple(kind for kind in kinds if kind in self._able())

    @property
    def begins(self) -> bool:
        """Such parts are still to come."""
        return bool(self._to_begin)

    def offer(self, plan: Floats, by: str) -> None:
        """A plan to cross the best one with, in place of the last one that ``by`` has found."""
        self._offered.pop(by, None)
        self._offered[by] = plan

    def know(self, plan: Floats, by: str) -> None:
        """A plan to be merged with others, whenever that is done, in place of the last one that ``by`` has found. One on offer is crossed once."""
        self._known.pop(by, None)
        self._known[by] = plan
        if len(self._known) > self.parameters.known:
            del self._known[next(iter(self._known))]

    def merge_soon(self) -> None:
        """The next parts are of what all plans do that are known: one for each solver, unless the first searches it to its end."""
        self._to_merge = self._solvers if self._known else ()

    def propose(self, best: Floats) -> Part:
        """A part of the plan ``best`` worth solving."""
        if (self.had.barren + 1) % self.parameters.far == 0 and (far := self._far(best)) is not None:
            return far
        if self._to_merge:
            by, *others = self._to_merge
            self._to_merge = tuple(others)
            return self._merged(by, best)
        if self._to_begin:
            kind, *rest = self._to_begin
            self._to_begin = tuple(rest)
            return self._proposed(kind, self._solvers[0], best)
        by = self._paid_of_solver.draw(self._solvers, self._dice)
        while (kind := self._kind()) == "crossed":
            if (crossed := self._crossed(by, best)) is not None:
                return crossed
        return self._proposed(kind, by, best)

    def _crossed(self, by: PartSolver, best: Floats) -> Part | None:
        """What the newest plan on offer does otherwise than the best one; None: nothing, and then none is on offer any more."""
        while self._offered:
            other = self._offered.pop(next(reversed(self._offered)))
            apart = (best > 0.5) != (other > 0.5)
            blocks = np.unique(self.structure.block[apart & (self.structure.block >= 0)])
            if len(blocks):
                size = min(self._sizes.of("crossed", by), 1.0)
                some = self._dice.permutation(blocks)[: max(math.ceil(size * len(blocks)), 2)]
                columns = self.structure.columns_of(self.structure.with_partners(np.sort(some)))
                used = (best[columns] != 0.0) | (other[columns] != 0.0)
                fits = ~used & self.parts.fits(columns, self.parts.room(columns[used], best))
                more = self._dice.permutation(np.flatnonzero(fits))[: self.parameters.wide]
                chosen = self.parts.with_loose(np.union1d(columns[used], columns[more]))
                return Part(chosen, "crossed", size, self.parameters.crossed, np.zeros(len(chosen)), by=by)
        return None

    def _merged(self, by: PartSolver, best: Floats) -> Part:
        """Whatever the best plan or one of those that are known does; no other choice may be made."""
        done = np.max([best, *self._known.values()], axis=0) > 0.5
        chosen = self.parts.with_loose(np.flatnonzero(done & (self.structure.block >= 0)))
        return Part(chosen, "merged", 1.0, self.parameters.merged, np.zeros(len(chosen)), by=by)

    def _proposed(self, kind: Kind, by: PartSolver, best: Floats) -> Part:
        """A part of any other kind."""
        if kind == "vertex":
            return self._at_vertex(by, best)
        if kind == "exchanges":
            return self._exchanges(best)
        times = self._sizes.times(self._dice)
        size = times * self._sizes.of(kind, by)
        taken = self.structure.taken(best)
        score = self.structure.score(best)
        if kind in PRICED:
            columns = self._free(kind, size, taken, score, best)
            most = max(round(self.parameters.priced * size**0.5), 1)
            asked = self._sizes.asked(kind)
            return Part(columns, kind, size, self._seconds, np.zeros(len(columns)), most, asked, times=times, by=by)
        leaving, newcomers, places = self._blocks(kind, size, taken, score, best)
        if self._hints is not None:
            fresh = self._hints[~taken[self._hints]]
            some = self._dice.permutation(fresh)[: max(int(self.parameters.newcomers * size) // 4, 1)]
            newcomers = np.union1d(newcomers, some)
        blocks = self.structure.with_partners(np.union1d(leaving, newcomers))
        columns = self._columns(blocks, places, best)
        chosen = self.parts.with_loose(columns)
        return Part(chosen, kind, size, self._seconds, self._tilt(chosen, score[taken]), times=times, by=by)

    def _at_vertex(self, by: PartSolver, best: Floats) -> Part:
        """What a vertex of the relaxation of the whole uses, and what the plan does."""
        assert self._relevant is not None
        columns = self.parts.with_loose(np.union1d(self._relevant, np.flatnonzero((best > 0.5) & (self.structure.block >= 0))))
        size, parameters = self._sizes.of("vertex", by), self.parameters
        most = max(round(parameters.priced * size), 1)
        return Part(columns, "vertex", size, parameters.vertex, np.zeros(len(columns)), most, lean=parameters.lean, by=by)

    def _far(self, best: Floats) -> Part | None:
        """A way out, by what each has paid; None: there is none."""
        cored = self._exchangeable and self.matrix.rows.nnz <= self.parameters.cored
        able = {"core": cored, "exchanges": "exchanges" in self._able()}
        kinds = [kind for kind in FAR if able[kind]]
        if not kinds:
            return None
        core = self._paid_of_kind.draw(kinds, self._dice) == "core"
        return replace(self._core() if core else self._exchanges(best), offered=True)

    def _core(self) -> Part:
        """A core of the whole model."""
        columns = np.arange(len(self.matrix.objective))
        return Part(columns, "core", self._sizes.of("core", CORED), self.parameters.core, np.zeros(len(columns)), by=CORED)

    def _exchanges(self, best: Floats) -> Part:
        """Exchanges of single choices."""
        some = some_blocks(self.structure.taken(best), self._entries, self.parameters.exchanged, self._dice)
        columns = self.parts.with_loose(self.structure.columns_of(some))
        return Part(columns, "exchanges", 1.0, self._seconds, np.zeros(len(columns)), by="exchanges")

    def _tilt(self, columns: Ints, profits: Floats) -> Floats:
        """A random preference for each place, of every other part."""
        lean = self._dice.random(max(self.structure.places, 1))
        if self._dice.random() < 0.5 or not self.structure.places or not len(profits):
            return np.zeros(len(columns))
        return self.parameters.tilt * float(np.median(np.abs(profits))) * self.structure.of_place(lean, columns)

    def feed(self, part: Part, gain: float, proved: bool, seconds: float, relaxed: float = 0.0) -> None:
        """What came of a part: value gained (0: nothing), whether it was searched to its end, seconds it took, and of these its relaxation."""
        gain = max(gain, 0.0)
        self._paid_of_kind.count(part.kind, gain, seconds)
        if part.by in self._solvers:
            self._paid_of_solver.count(part.by, gain, seconds)
            has_paid, stalled = self._paid_of_kind.has_paid(part.kind), self._idle >= self.parameters.stalled
            self._sizes.feed(part, gain, proved, seconds, relaxed, has_paid, stalled)
        if part.kind == "merged" and proved:
            self._to_merge = ()
        self.had.parts, self.had.barren = self.had.parts + 1, 0 if gain > 0 else self.had.barren + 1
        if gain > 0:
            self._seconds = max(self._seconds / self.parameters.longer, self.parameters.seconds)
        elif self._idle == 0:
            self._seconds = min(self._seconds * self.parameters.longer, self.parameters.longest)

    def model(self, part: Part, best: Floats) -> Matrix:
        """The part as a model of its own; its objective counts the freed columns only, and is leaned by the part's tilt."""
        model = self.parts.model(part.columns, best)
        return replace(model, objective=model.objective + part.tilt)

    def _able(self) -> list[Kind]:
        """Kinds that there are."""
        return [kind for kind, use in self._usable.items() if use and kind not in self.parameters.without]

    def _kind(self) -> Kind:
        """A kind by what it has paid a second, now and then any; crossed parts are one of them while a plan is on offer."""
        kinds = [kind for kind in self._able() if kind in MAIN]
        if not {*PRICED, "places"} & set(kinds) or self._idle >= self.parameters.stalled:
            kinds = self._able()
        return self._paid_of_kind.draw([*kinds, "crossed"] if self._offered else kinds, self._dice)

    def _free(self, kind: Kind, size: float, taken: Bools, score: Floats, best: Floats) -> Ints:
        """Columns of a priced part: of some of what is chosen, and of most that is not, as far as there is room for them."""
        shape, dice, chosen = self._timed if kind == "priced periods" else self.structure, self._dice, np.flatnonzero(taken)
        many = max(round(size * min(self.parameters.freed * len(chosen), self.parameters.most_freed)), 2)
        leaving = np.zeros(shape.blocks, dtype=bool)
        if kind in ("priced anywhere", "priced shifts"):
            leaving[dice.permutation(chosen)[:many]] = True
        else:
            likeness = shape.near_cluster if kind == "priced clusters" else shape.near_place
            for one in near(likeness, dice, len(likeness)).tolist():
                here = np.arange(len(likeness)) == one
                inside = (shape.cluster == one) if kind == "priced clusters" else shape.stands(here, best)
                leaving[dice.permutation(np.flatnonzero(taken & inside & ~leaving))[: many - int(leaving.sum())]] = True
                if leaving.sum() >= many:
                    break
        newcomers = promising(~taken & np.isfinite(score), score, self._sizes.asked(kind), dice)
        columns = self.structure.columns_of(self.structure.with_partners(np.union1d(np.flatnonzero(leaving), newcomers)))
        if kind == "priced shifts":
            shifted = round(self.parameters.shifted * self._sizes.asked(kind) / self.parameters.asked)
            columns = np.union1d(columns, self._shifts(dice.permutation(chosen)[:shifted], best))
        now = best[columns] != 0.0
        fits = self.parts.fits(columns, self.parts.room(columns[now], best))
        return self.parts.with_loose(columns[now | fits])

    def _shifts(self, blocks: Ints, best: Floats) -> Ints:
        """What these blocks do, and the same in other periods."""
        shape = self.structure
        columns = shape.columns_of(blocks)
        used = np.zeros(int(shape.group.max()) + 1, dtype=bool)
        used[shape.group[columns[best[columns] > 0.5]]] = True
        return columns[used[shape.group[columns]]]

    def _blocks(self, kind: Kind, size: float, taken: Bools, score: Floats, best: Floats) -> tuple[Ints, Ints, Bools]:
        """(chosen that may go, others that may come, places set free)."""
        shape, dice = self.structure, self._dice
        places = np.zeros(shape.places, dtype=bool)
        allowed = ~taken & np.isfinite(score)
        if kind == "places":
            places[near(shape.near_place, dice, max(round(self.parameters.places * size), 1))] = True
            leaving = shape.standing_in(places, best)
            allowed &= shape.may_stand_in(places)
        elif kind == "margin":
            # What is hardly worth having, and what is hardly not: there the relaxation decides nothing.
            many = max(self.parameters.leaving * size, 1.0)
            leaving = promising(taken, -score, many, dice)
        elif kind == "any":
            leaving = dice.permutation(np.flatnonzero(taken))[: max(int(self.parameters.leaving * size), 1)]
        else:
            if kind == "cluster":
                inside = np.isin(shape.cluster, near(shape.near_cluster, dice, max(round(size), 1)))
            else:
                inside = shape.in_homes(dice.choice(shape.homes, min(max(round(6 * size), 1), len(shape.homes)), replace=False))
            leaving = np.flatnonzero(taken & inside)
            allowed &= inside
        most = self.parameters.leaving if kind == "margin" else self.parameters.newcomers
        return leaving, promising(allowed, score, max(most * size, 1.0), dice), places

    def _columns(self, blocks: Ints, places: Bools, best: Floats) -> Ints:
        """What the blocks may do: what they do now, all in the free places, and a few ways that fit elsewhere."""
        shape = self.structure
        columns = shape.columns_of(blocks)
        now = best[columns] != 0.0
        room = self.parts.room(columns[now], best)
        inside = shape.column_in(places, columns)
        fits = self.parts.fits(columns, room)
        # Of the same group (a way in each period) and of the same sort in a block, a random few of those that fit.
        dice = self._dice.random(len(columns))
        key, allowed = np.where(inside, shape.group[columns], -1 - shape.sort[columns]), fits & ~now
        order = np.lexsort((dice, ~allowed, key))
        ways = self.parameters.ways if places.any() else self.parameters.moves
        few = order[rank(key[order]) < ways]
        now[few] |= allowed[few]
        return np.asarray(columns[now])


def merge(best: Floats, part: Part, values: Floats) -> Floats:
    """The plan with the part's columns at ``values``; to be checked (:func:`planner.solvers.check.sound`)."""
    merged = best.copy()
    merged[part.columns] = values
    return merged
