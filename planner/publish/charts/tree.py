"""产业树全景图: region → chain → tier → link → firms, with the local supply rate of each node."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from planner.language import Words
from planner.plan.records import LinkResult
from planner.publish.charts import words
from planner.publish.charts.facts import LinkFacts, chain_facts, coverage, coverage_change
from planner.publish.charts.flow import Block, Part, flowed
from planner.publish.charts.frame import Legend, disc, swatch
from planner.publish.charts.measure import clean, width
from planner.publish.charts.style import read_style
from planner.publish.charts.svg import Box, Canvas, Svg
from planner.publish.desk import Desk
from planner.publish.view import View
from planner.publish.words import SEMICOLON

TITLE = Words("{region}产业树全景图", "{region}: tree of the chains")
REGION = Words("全域", "The region")
FURTHER = " › "
INDENT = 13.0
BAR = 34.0
COLUMNS = 3


@dataclass(frozen=True)
class Node:
    """One node of the tree."""

    name: str
    kind: str
    """region, chain, tier, link, local or target."""
    says: str
    """Its local supply rate before and after, or what a firm is."""
    before: float | None = None
    after: float | None = None
    """Local supply rate; None: not known, or a firm."""
    under: tuple[Node, ...] = ()
    key: str = ""


def tree_of(view: View) -> Node:
    """The tree of a plan. A node above links has the rate of all links below it: Σ min(supply, demand) ÷ Σ demand."""
    chains = []
    for chain in view.plan.chains:
        facts = chain_facts(view, chain)
        none = words.NO_TIER.say(view.language)
        tiers = []
        for tier in facts.tiers:
            inside = [each for each in facts.links if (each.link.tier or none) == tier]
            tiers.append(_node(view, tier, "tier", [each.link for each in inside], [_link(view, each) for each in inside]))
        chains.append(_node(view, chain.name, "chain", [each.link for each in facts.links], tiers, chain.chain_id))
    return _node(view, view.plan.plan.region_name or REGION.say(view.language), "region", view.plan.links, chains)


def _node(view: View, name: str, kind: str, links: Sequence[LinkResult], under: Sequence[Node], key: str = "") -> Node:
    return Node(name, kind, coverage_change(view, links), coverage(links, False), coverage(links, True), tuple(under), key)


def _link(view: View, facts: LinkFacts) -> Node:
    capacities = [words.amount(firm.capacity, view.language, "capacity" in firm.assumed) for firm in facts.local]
    local = [Node(firm.name, "local", capacity) for firm, capacity in zip(facts.local, capacities, strict=True)]
    targets = [Node(firm.name, "target", f"{firm.quarter} {firm.park_name}", key=firm.candidate_id) for firm in facts.targets]
    return _node(view, facts.link.name, "link", [facts.link], [*local, *targets], facts.link.link_id)


def walk(node: Node, above: tuple[str, ...] = ()) -> Iterator[tuple[Node, tuple[str, ...]]]:
    """The nodes from above, each with the names of those that it belongs to."""
    yield node, above
    for under in node.under:
        yield from walk(under, (*above, node.name))


def tree(desk: Desk) -> tuple[Svg, ...]:
    """产业树全景图 on paper."""
    view, style = desk.view, read_style()
    root = tree_of(view)
    blocks = [_block(node, above, style.small) for node, above in walk(root)]
    counts = [
        Words("{n} 条产业链", "{n:chain}").say(view.language, n=len(view.plan.chains)),
        Words("{n} 个环节", "{n:link}").say(view.language, n=len(view.plan.links)),
        f"{words.COVERAGE.say(view.language)} {root.says}",
    ]
    now = Words("现有本地配套率", "local supply rate now").say(view.language)
    more = Words("计划后", "after the plan").say(view.language)
    legend = [Legend(swatch("local"), now), Legend(swatch("target"), more)]
    legend += [Legend(disc("local"), words.LOCAL.say(view.language)), Legend(disc("target"), words.TARGET.say(view.language))]
    notes = [
        words.COVERAGE_IS.say(view.language),
        SEMICOLON.say(view.language).join(note.say(view.language) for note in (words.EXPECTED, words.ASSUMED_IS)),
    ]
    return flowed(view, TITLE.say(view.language, region=root.name), counts, legend, notes, [Part(blocks)], COLUMNS)


def _block(node: Node, above: tuple[str, ...], size: float) -> Block:
    depth, within = len(above), FURTHER.join(above[1:])
    strong = node.kind in {"region", "chain", "tier"}
    text = size + (1.5 if depth < 2 else 0.0)

    def draw(canvas: Canvas, box: Box) -> None:
        canvas.open("row", box, row=node.key)
        x, right = box.x + depth * INDENT, box.right
        middle = box.y + box.height / 2
        if depth:
            canvas.path(f"M{x - INDENT * 0.6:.2f} {box.y - 3:.2f}V{middle:.2f}H{x - 2:.2f}", None, "line", 0.7)
        if node.kind in {"local", "target"}:
            canvas.circle(x + 3, middle, 2.4, node.kind)
            x += 9
        else:
            canvas.rect(right - BAR, middle - 2, BAR, 4, "bar", radius=2)
            for colour, part in (("target", node.after), ("local", node.before)):
                if part:
                    canvas.rect(right - BAR, middle - 2, BAR * min(part, 1.0), 4, colour, radius=2)
            right -= BAR + 5
        said = width(clean(node.says), size)
        room = right - x
        name = min(room * 0.72, room - min(said, room * 0.6) - 5)
        canvas.text(x, middle - text * 0.52, node.name, text, name, "head" if depth < 2 else "ink", strong)
        canvas.text(
            right,
            middle - size * 0.52,
            node.says,
            size,
            room - name - 5 if said > room - name - 5 else said + 0.01,
            "soft",
            anchor="end",
        )
        canvas.close()

    return Block(
        text * 1.24, draw, node.key or node.name, keeps=strong or (node.kind == "link" and bool(node.under)), within=within
    )
