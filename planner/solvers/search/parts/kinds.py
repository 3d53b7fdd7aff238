"""What kinds of parts of a plan there are, how large they are and how long they take, and what one of them says."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from planner.solvers.protocol import Floats, Ints
from planner.solvers.search.parts.pays import PayParameters

Kind = Literal[
    "priced anywhere",
    "priced places",
    "priced periods",
    "priced clusters",
    "priced shifts",
    "places",
    "cluster",
    "rows",
    "margin",
    "vertex",
    "any",
    "crossed",
    "merged",
    "exchanges",
    "core",
]
PartSolver = Literal["highs", "cpsat", "exchanges"]
SOLVERS: tuple[PartSolver, ...] = ("highs", "cpsat")
"""Who solves a part; exchanges are a way of their own. What one leaves at its first node the other often improves on at once, or searches to its
end in a quarter of the time; on other models it is the other way round."""
CORED: PartSolver = "cpsat"
"""Who solves cores: of knapsacks and assignments it searches larger ones to their end than HiGHS does in the time."""
PRICED: tuple[Kind, ...] = ("priced anywhere", "priced places", "priced periods", "priced clusters", "priced shifts")
"""What is chosen is set free from anywhere, or from a few places, places in periods, or clusters that have much in common; with shifts, from
anywhere, and others may do what they do in another period. Each has a size of its own: twice as many from anywhere are as soon solved as those
of a few places."""
JOINT: tuple[Kind, ...] = ("crossed", "merged")
"""Parts of what several plans do; other kinds are cut from the best one alone."""
MAIN: tuple[Kind, ...] = (*PRICED, "places", "margin", "vertex", "exchanges")
"""The others are quicker at first and end lower (0.995 against 1.002 after a minute of a province): they close gaps with what
happens to fit. So they have their turn when nothing is gained with these."""
BEGINNING: tuple[Kind, ...] = ("vertex", "exchanges")
"""What a plan that is built begins with: the one comes far from it, the other leaves none that a single exchange betters."""
FAR: tuple[Kind, ...] = ("exchanges", "core")
"""Ways out where parts near the plan give nothing any more: exchanges of single choices (:mod:`planner.solvers.search.parts.exchanges`), and
the model's core from no plan (:mod:`planner.solvers.search.parts.core`). What they come to then that is no better is crossed with the plan."""


@dataclass(frozen=True)
class NeighbourhoodParameters:
    """How large parts are, how long they take, and how kinds of them have their turn."""

    seconds: float = 0.5
    """For one part, to begin with."""
    longest: float = 8.0
    enough: float = 60.0
    """Time limit from which on parts that are meant to take seconds have all of them; of a shorter one they have as much less."""
    places: int = 5
    newcomers: int = 200
    leaving: int = 40
    """Places set free, candidates that may come, and chosen ones that may go, at size 1."""
    least: float = 0.02
    largest: float = 40.0
    """Sizes."""
    grow: float = 1.2
    shrink: float = 1.1
    """By how much a size changes after a part that holds nothing better, and after one in which nothing was found in time. Parts
    that gain something have the right size: small ones are quick, so they grow only when the whole search is stalled."""
    halve: float = 1.3
    """The same for a kind that has gained nothing so far."""
    times: tuple[float, ...] = (0.35, 0.6, 1.0, 1.7)
    """By what the size of a part is multiplied, by what each has lately paid: a part that gains a little in its time is not for that of the
    right size."""
    easy: float = 0.2
    """Share of its time that a part may take before it counts as easily solved."""
    stalled: int = 6
    """Parts in a row without a gain that mean so."""
    ways: int = 1
    """Alternatives of a choice outside the free places, of each sort."""
    moves: int = 3
    """The same in a part that sets no place free, where what is chosen has to move before anything new fits."""
    pays: PayParameters = field(default_factory=PayParameters)
    """How it is decided what has paid."""
    without: tuple[Kind, ...] = ()
    """Kinds that are left out."""
    tilt: float = 0.01
    """Of a typical profit: what one place may seem better than another, by chance, in every other part. Places are worth the same
    to the relaxation; leaning them one way and another moves room together until something larger fits."""
    tired: int = 12
    """Parts without a gain after which they get more time."""
    longer: float = 1.5
    """By what that time is multiplied then, and divided after a part that gains something."""
    crossed: float = 3.0
    """Seconds for a part of what two plans do not do alike."""
    wide: int = 2_000
    """Columns of it, besides those of the two plans, at the most."""
    vertex: float = 3.0
    """Seconds for what a vertex of the relaxation uses, besides its relaxation."""
    lean: float = 0.01
    """Share of its worth that a column may seem better than it is there, by chance: each time another vertex is found."""
    sharp: float = 0.2
    """Size of such a part, to begin with: hardly anything besides what the vertex uses."""
    merged: float = 2.0
    """Seconds for a part of what any of several plans does."""
    known: int = 8
    """How many plans are merged with the best one, at the most: the newest."""
    far: int = 12
    """Every so manyeth part in a row without a gain is exchanges or a core, by what they have paid."""
    core: float = 4.0
    """Seconds for cores, with their relaxation: less has not searched one to its end that says something."""
    sure: float = 0.02
    """Relative distance of the relaxation from the plan up to which there are cores: where it is further away they give less than other parts
    (docs/trials.md). Models without places have them anyway: other parts are weak there."""
    cored: int = 400_000
    """Entries of the model up to which it has cores: its whole relaxation is solved anew for each."""
    exchanged: int = 400_000
    """Entries of all that choices may do, up to which all of them are looked at in exchanges; of larger models some choices, by chance."""
    looked_at: float = 0.05
    """There are no exchanges where that would be a smaller share of them: in a province they take the time of other parts (docs/trials.md)."""
    freed: float = 0.3
    most_freed: int = 60
    """Share of what is chosen that a priced part sets free at size 1, and how many of them at the most."""
    shifted: int = 250
    """Of what is chosen so many may do the same in other periods, in a part with shifts; fewer in proportion where fewer may come."""
    asked: int = 1_500
    """About so many of what is not chosen, the best ones first, may come in a priced part; fewer where the relaxation of parts of its kind takes
    long."""
    fewest: int = 30
    """And at the least so many."""
    entries: int = 300_000
    """Of the matrix, that a priced part looks at to begin with, about. With a hundred limits in each park 1,500 choices have six times as many,
    and their relaxation takes 5 s. All parts begin the smaller."""
    fewer: float = 4.0
    """By what their number is divided, at the most, after a part whose relaxation took longer than the part may; the number is divided by how
    many times as long it took."""
    more: float = 1.5
    """By what it is multiplied after a part that is easily relaxed."""
    priced: int = 100
    """Columns that a priced part keeps besides those in use, at size 1; with the root of the size. With 400 or 60, or half of the share, families
    and cities are as good or worse after 12 s of the processor."""

    def within(self, time_limit: float) -> NeighbourhoodParameters:
        """The same for a search of so many seconds."""
        share = min(time_limit / self.enough, 1.0)

        def brief(seconds: float) -> float:
            return max(share * seconds, min(seconds, self.seconds))

        vertex = min(self.vertex, brief(2.0 * self.vertex))  # HiGHS has something after one to three seconds
        return replace(self, crossed=brief(self.crossed), merged=brief(self.merged), core=brief(self.core), vertex=vertex)

    def beside_trees(self) -> NeighbourhoodParameters:
        """The same where trees lead from an earlier plan, near the best one, for which they wait: without what a built plan begins with, and every
        part of the size of its kind (docs/trials.md, Two trees that lead, and begin anew)."""
        return replace(self, without=BEGINNING, times=(1.0,))


@dataclass(frozen=True, eq=False)
class Part:
    """Columns set free."""

    columns: Ints
    """Ascending."""
    kind: Kind
    size: float
    seconds: float
    """Worth spending on it."""
    tilt: Floats
    """What the objective is leaned by; shape of the columns."""
    most: int = 0
    """Of a priced part, and of one at a vertex: columns that are kept besides those in use, once its relaxation has said which; 0: it is as it
    stands."""
    asked: float = 0.0
    """Of a priced part: about so many of what is not chosen may come."""
    lean: float = 0.0
    """Of a part that keeps what a vertex of its relaxation uses: share of its worth that each column may seem better there, by chance."""
    offered: bool = False
    """What comes of it is on offer to be crossed with the plan, though it is no better."""
    times: float | None = None
    """Its size as a multiple of that of its kind, where that was drawn."""
    by: PartSolver = field(kw_only=True)
    """Who is to solve it."""

    @property
    def kind_size(self) -> float:
        """The size of its kind when it was proposed."""
        return self.size / (self.times or 1.0)
