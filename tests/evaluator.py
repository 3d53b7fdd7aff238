"""A plan judged from its raw tables and settings alone: plain Python over dictionaries, by the formulas of the documentation.

It imports nothing of the planner, so that whatever the planner shares between its own parts cannot hide here. Cells are as
they are written; a choice maps candidate ids to (park id, quarter).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import combinations, product
from math import acos, cos, prod, radians, sin
from typing import Any

from tests.raw_city import Choice, RawCity, Row, names, number, yes

EXACT = 1e-7
MU = {"亩": 1.0, "公顷": 15.0}
PLAIN = ("investment", "subsidy")
EXPECTED = ("output", "tax", "jobs")
LINK_FACTS = {"link_id", "chain_id", "tier", "link.weight"}


class Evaluator(RawCity):
    """One city: which limits a choice breaks, what it is worth, and the best of all choices."""

    def open(self, i: str, k: str, q: str) -> bool:
        """Locks, lists and gates."""
        row, park = self.candidates[i], self.parks[k]
        signed = row.get("status") == "signed"
        if yes(row, "exclude") or row.get("status") == "lost" or k in names(row, "refused_parks"):
            return False
        if row.get("fixed_park", "") not in ("", k) or row.get("fixed_quarter", "") not in ("", q):
            return False
        if not signed and not (row.get("earliest_quarter") or q) <= q <= (row.get("latest_quarter") or q):
            return False
        if (i, k) in self.sites and not yes(self.sites[i, k], "allowed"):
            return False
        takes = names(park, "allowed_chains")
        if takes and self.chain(i) and self.chain(i) not in takes and not signed:
            return False
        mu = self.need(i, k, "land") * MU[self.plan["resources"]["land"]["unit"]]
        if mu > 0 and not signed:
            for column, gate in (("investment", "min_investment_intensity"), ("tax", "min_tax_intensity")):
                if number(row, column) / mu < number(park, gate) - EXACT:
                    return False
        return True

    def broken(self, choice: Choice) -> list[str]:
        """The limits that a choice breaks."""
        return [name for name, kept in self._limits(choice) if not kept]

    def _limits(self, choice: Choice) -> Iterator[tuple[str, bool]]:
        yield from (("open", self.open(i, k, q)) for i, (k, q) in choice.items())
        versions = [self.family(i) for i in choice]
        yield "once", len(versions) == len(set(versions))
        for i, row in self.candidates.items():
            yield "must", i in choice or not (yes(row, "must_include") or row.get("status") == "signed")
        yield from self._resources(choice)
        yield from self._money_and_effort(choice)
        yield from self._relations(choice)
        yield from self._sequences(choice)
        for rule in self.plan.get("rules", []):
            if "soft" not in rule:
                yield from (("rules", violation <= EXACT) for violation in self.violations(rule, choice))
        objective = self.plan["objective"]
        for term, floor in objective.get("floors", {}).items():
            yield "floor", self.raw(term, choice) >= floor - EXACT
        for term, ceiling in objective.get("ceilings", {}).items():
            yield "ceiling", self.raw(term, choice) <= ceiling + EXACT

    def capacity(self, resource: str, place: str, q: str) -> float:
        """The parks' own column, overlaid by phases from their quarter on."""
        scope = self.plan["resources"][resource]["scope"]
        members = [row for k, row in self.parks.items() if place in self._place(resource, k)]
        stated = [row[resource] for row in members if row.get(resource, "") != ""]
        amount: float | None = sum(map(float, stated)) if stated else None
        rows = [row for row in self.tables.get("capacities", []) if row["resource_id"] == resource]
        rows = [row for row in rows if scope == "region" or row["scope_id"] == place]
        for row in sorted(rows, key=lambda row: row["quarter"] or ""):
            if (row["quarter"] or "") <= q:
                amount = number(row, "amount")
        for season in self.plan.get("seasons", []):
            parks = [{f"park.{name}": cell for name, cell in row.items()} for row in members]
            everywhere = all(self._meets(row[name], wanted) for row in parks for name, wanted in season.get("where", {}).items())
            if season["resource"] == resource and season["quarter"] == q and everywhere:
                amount = (amount or 0.0) * float(Fraction(str(season["times"])))
        return amount or 0.0

    def _place(self, resource: str, k: str) -> tuple[str]:
        scope = self.plan["resources"][resource]["scope"]
        return ({"park": k, "zone": self.parks[k].get("zone", ""), "region": "region"}[scope],)

    def _resources(self, choice: Choice) -> Iterator[tuple[str, bool]]:
        for resource in self.plan["resources"]:
            for place in {self._place(resource, k)[0] for k in self.parks}:
                for q in self.quarters:
                    used = sum(
                        self.need(i, k, resource)
                        for i, (k, since) in choice.items()
                        if since <= q and self._place(resource, k)[0] == place
                    )
                    yield resource, used <= self.capacity(resource, place, q) + EXACT

    def payer(self, i: str) -> str:
        """The fund that pays a candidate: the one it names, or the only one."""
        ids = sorted({row["fund_id"] for row in self.tables.get("funds", [])})
        return ids[0] if len(ids) == 1 else str(self.candidates[i].get("fund_id", "")) if ids else ""

    def due(self, i: str, kind: str) -> dict[int, float]:
        """Shares of what a candidate costs by quarters after signing: by its own profile, its chain's, its fund's, or the plan's."""
        schedule = self.plan.get("schedule", {})
        paying = [row for row in self.tables.get("funds", []) if row["fund_id"] == self.payer(i)]
        for row in (self.candidates[i], self.chains.get(self.chain(i), {}), *paying):
            profile = schedule.get("profiles", {}).get(row.get("schedule_profile") or None, {})
            if kind == "payout" and "milestones" in profile:
                shares: dict[int, float] = defaultdict(float)
                for milestone in profile["milestones"].values():
                    cell = self.candidates[i].get(milestone.get("column", ""), "")
                    shares[int(cell) if cell != "" else milestone["after"]] += milestone["share"]
                return shares
            if kind in profile:
                return dict(enumerate(profile[kind]))
        return dict(enumerate(schedule.get(kind, [1.0])))

    def _spread(self, choice: Choice, amounts: Mapping[str, float], kind: str) -> list[float]:
        spent = [0.0] * len(self.calendar)
        for i, amount in amounts.items():
            for lag, share in self.due(i, kind).items():
                spent[self.calendar.index(choice[i][1]) + lag] += share * amount
        return spent

    def _money_and_effort(self, choice: Choice) -> Iterator[tuple[str, bool]]:
        rows = self.tables.get("funds", [])
        for fund in sorted({row["fund_id"] for row in rows}):
            own = {row["quarter"]: number(row, "amount") for row in rows if row["fund_id"] == fund}
            carries = any(yes(row, "carry_over") for row in rows if row["fund_id"] == fund)
            asks = {i: number(self.candidates[i], "subsidy") for i in choice if self.payer(i) == fund}
            paid, money = self._spread(choice, asks, "payout"), [own.get(q, 0.0) for q in self.calendar]
            for t, q in enumerate(self.calendar):
                first = 0 if carries else t
                if q in self.quarters or q in own:
                    yield "funds", sum(paid[first : t + 1]) <= sum(money[first : t + 1]) + EXACT
        teams: dict[str, list[Row]] = defaultdict(list)
        for row in self.tables.get("teams", []):
            teams[row["chain_id"]].append(row)
        for chain, own_rows in teams.items():
            work = {
                i: number(self.candidates[i], "effort")
                for i in choice
                if (self.chain(i) if self.chain(i) in teams else "") == chain
            }
            for q, spent in zip(self.calendar, self._spread(choice, work, "effort"), strict=True):
                told = [row for row in own_rows if row["quarter"] == q]
                if not told and q in self.quarters:
                    told = [row for row in own_rows if row["quarter"] == ""]
                yield from (("teams", spent <= number(row, "effort") + EXACT) for row in told[:1])

    def _relations(self, choice: Choice) -> Iterator[tuple[str, bool]]:
        relations = self.plan.get("relations", {})
        rivals = relations.get("rivals", {})
        counted = self.called(rivals.get("candidates", list(self.candidates)))
        at = [(self.candidates[i]["link_id"], k) for i, (k, _) in choice.items() if self.candidates[i]["link_id"] and i in counted]
        for link, k in at:
            yield "rivals", sum(a == link for a, _ in at) <= rivals.get("per_link", 99)
            yield "rivals", at.count((link, k)) <= rivals.get("per_park_link", 99)
        for group in relations.get("exclusive", []):
            yield "exclusive", sum(i in choice for i in self.called(group["candidates"])) <= group.get("max", 1)
        for kind in ("together", "apart"):
            for group in relations.get(kind, []):
                named = self.called(group["candidates"])
                coming = [i for i in named if i in choice]
                if kind == "together" and group.get("all_or_none", False):
                    yield kind, len(coming) in (0, len(named))
                for a, b in combinations(coming, 2):
                    near = self.distance(choice[a][0], choice[b][0]) <= group.get("km", 0)
                    yield kind, near == (kind == "together")

    def _sequences(self, choice: Choice) -> Iterator[tuple[str, bool]]:
        """Who is signed before whom, and whose coming asks for others; versions of one project are one."""
        when = {i: self.quarters.index(q) for i, (_, q) in choice.items()}
        relations = self.plan.get("relations", {})
        for group in relations.get("before", []):
            first, gap = self.called(group["first"]), group.get("quarters", 0)
            for i in set(self.called(group["then"])) - set(first):
                if i in choice:
                    others = [when[j] for j in first if j in choice and self.family(j) != self.family(i)]
                    early = [t for t in others if t + gap <= when[i]]
                    if group.get("needed", False):
                        yield "before", len(early) + group.get("existing", 0) >= group.get("count", 1)
                    else:
                        yield "before", len(early) == len(others)
        for group in relations.get("implies", []):
            for i in set(self.called(group["if"])) & set(choice):
                others = {self.family(j): False for j in self.called(group["then"]) if self.family(j) != self.family(i)}
                others |= {self.family(j): True for j in self.called(group["then"]) if j in choice and self.family(j) in others}
                least = group.get("at_least", 1)
                yield "implies", all(others.values()) if least == "all" else sum(others.values()) >= least

    def called(self, group: Any) -> list[str]:
        """Candidates by id, by name, or by a filter on them and their links."""
        if isinstance(group, dict):
            asked = group["where"].items()
            return [i for i in self.candidates if all(self._meets(self._own_facts(i)[name], wanted) for name, wanted in asked)]
        return [
            i for i, row in self.candidates.items() if i in group or (row["name"] in group and row["name"] not in self.candidates)
        ]

    def _own_facts(self, i: str) -> dict[str, Any]:
        facts = {f"candidate.{name}": cell for name, cell in self.candidates[i].items()}
        facts |= {"ownership": self.candidates[i]["ownership"], "investment": self.candidates[i]["investment"]}
        return facts | self._link_facts(self.candidates[i]["link_id"], self.chain(i))

    def distance(self, a: str, b: str) -> float:
        """Kilometres by the spherical law of cosines."""
        if a == b:
            return 0.0
        (x1, y1), (x2, y2) = ((radians(self.parks[k]["lon"]), radians(self.parks[k]["lat"])) for k in (a, b))
        return 6371.0088 * acos(min(1.0, sin(y1) * sin(y2) + cos(y1) * cos(y2) * cos(x2 - x1)))

    def violations(self, rule: Mapping[str, Any], choice: Choice) -> Iterator[float]:
        """How far each group of a rule is from what it asks for."""
        bounds = rule.get("count") or rule
        low, high = bounds.get("equal", bounds.get("min", -1e99)), bounds.get("equal", bounds.get("max", 1e99))
        for group in self._groups(rule):
            total = sum(
                self._amount(rule, i, k)
                for i, (k, q) in choice.items()
                if self._group(rule, i, k, q) == group and self._counts(rule, self._facts(i, k, q))
            )
            yield max(0.0, low - total, total - high)

    def _amount(self, rule: Mapping[str, Any], i: str, k: str) -> float:
        if "sum" not in rule:
            return 1.0
        return self.need(i, k, rule["sum"]) if rule["sum"] in self.plan["resources"] else number(self.candidates[i], rule["sum"])

    def _facts(self, i: str, k: str, q: str) -> dict[str, Any]:
        facts = self._own_facts(i)
        facts |= {f"park.{name}": cell for name, cell in self.parks[k].items()}
        facts |= {"county": self.parks[k]["county"], "zone": self.parks[k]["zone"], "quarter": q}
        facts |= {name: self.need(i, k, name) for name in self.plan["resources"]}
        return facts

    def _link_facts(self, link: str, chain: str) -> dict[str, Any]:
        row = self.links.get(link, {})
        return {"link_id": link, "chain_id": chain, "tier": row.get("tier", ""), "link.weight": self.weight(link) if row else ""}

    def _counts(self, rule: Mapping[str, Any], facts: Mapping[str, Any], only: Iterable[str] | None = None) -> bool:
        asked = {name: wanted for name, wanted in rule.get("where", {}).items() if only is None or name in only}
        return all(self._meets(facts[name], wanted) for name, wanted in asked.items())

    @staticmethod
    def _meets(fact: Any, wanted: Any) -> bool:
        if isinstance(wanted, dict):
            if fact in wanted.get("exclude", []):
                return False
            if "min" in wanted or "max" in wanted:
                return fact != "" and wanted.get("min", -1e99) <= float(fact) <= wanted.get("max", 1e99)
            return True
        return fact in (wanted if isinstance(wanted, list) else [wanted])

    def _group(self, rule: Mapping[str, Any], i: str, k: str, q: str) -> str:
        per = rule.get("per", "plan")
        own = {"plan": "", "quarter": q, "park": k, "chain": self.chain(i), "link": self.candidates[i]["link_id"]}
        return str(own.get(per, self.parks[k].get(per, "")))

    def _groups(self, rule: Mapping[str, Any]) -> set[str]:
        """Those of their own table that meet what the rule asks of that table."""
        per = rule.get("per", "plan")
        if per == "plan":
            return {""}
        if per == "quarter":
            return {q for q in self.quarters if self._counts(rule, {"quarter": q}, ["quarter"])}
        if per in ("chain", "link"):
            entries = [(link, str(row["chain_id"])) for link, row in self.links.items()]
            entries += [("", chain) for chain in self.chains]
            kept = [entry for entry in entries if self._counts(rule, self._link_facts(*entry), LINK_FACTS)]
            return {entry[per == "chain"] for entry in kept} - {""}
        found = set()
        for k, row in self.parks.items():
            facts = {f"park.{name}": cell for name, cell in row.items()} | {"county": row["county"], "zone": row["zone"]}
            if self._counts(rule, facts, facts):
                found.add(k if per == "park" else str(row[per]))
        return found - {""}

    def raw(self, term: str, choice: Choice) -> float:
        """A term of the objective in its own unit."""
        if term == "gap":
            return sum(self.weight(link) * (self.short(link, {}) - self.short(link, choice)) for link in self.links)
        if term == "backup":
            return sum(self.weight(link) for link in self.links if self.backed_up(link, choice))
        return sum(self._own(term, i, k, self.quarters.index(q)) for i, (k, q) in choice.items())

    def _own(self, term: str, i: str, k: str, t: int) -> float:
        row = self.candidates[i]
        if term in EXPECTED:
            return number(row, term) * number(row, "landing_probability", 1.0)
        if term in PLAIN:
            return number(row, term)
        if term == "score":
            return self.score(i, k)
        if term == "preferred":
            return float(k in names(row, "preferred_parks"))
        if term == "early":
            return (len(self.quarters) - t) / len(self.quarters)
        return self.need(i, k, term)

    def short(self, link: str, choice: Choice) -> float:
        """Demand, with what newcomers need, less supply, with what they are expected to make."""
        gap = number(self.links[link], "demand") - self.supply(link)
        for i in choice:
            row, made = self.candidates[i], number(self.candidates[i], "capacity")
            if row["link_id"] == link:
                gap -= made * number(row, "landing_probability", 1.0)
            for edge in self.tables.get("link_edges", []):
                if edge["from_link"] == link and edge["to_link"] == row["link_id"]:
                    gap += number(edge, "coefficient") * made
        return max(0.0, gap)

    def backed_up(self, link: str, choice: Choice) -> bool:
        """Enough distinct firms, and one of the new ones surely enough where they are needed."""
        least = int(number(self.links[link], "min_sources"))
        new = [i for i in choice if self.candidates[i]["link_id"] == link]
        new = [i for i in new if self.candidates[i]["name"] not in self.here[link]]
        if least == 0 or self.existing(link) + len({self.candidates[i]["name"] for i in new}) < least:
            return False
        asked = self.plan.get("backup", {}).get("reliability", 0.0)
        fails = prod(1.0 - number(self.candidates[i], "landing_probability", 1.0) for i in new)
        return self.existing(link) >= least or 1.0 - fails >= asked - 1e-9

    def offered(self, term: str) -> float:
        """All there is of a term in the tables."""
        if term == "gap":
            total = sum(self.weight(link) * self.short(link, {}) for link in self.links)
            if total <= 0:
                total = self._by_project(
                    lambda i: (
                        self.weight(self.candidates[i]["link_id"])
                        * number(self.candidates[i], "capacity")
                        * number(self.candidates[i], "landing_probability", 1.0)
                        if self.candidates[i]["link_id"]
                        else 0.0
                    )
                )
        elif term == "backup":
            total = sum(self.weight(link) for link, row in self.links.items() if number(row, "min_sources") > 0)
        elif term == "early":
            total = self._by_project(lambda i: 1.0)
        elif term == "preferred":
            total = float(sum(bool(names(row, "preferred_parks")) for row in self.candidates.values()))
        elif term == "score":
            total = self._by_project(
                lambda i: (
                    abs(number(self.candidates[i], "score"))
                    + max([abs(number(row, "score")) for (j, _), row in self.sites.items() if j == i], default=0.0)
                )
            )
        elif term in self.plan["resources"]:
            total = self._by_project(
                lambda i: max(
                    [
                        number(self.candidates[i], term),
                        *(float(row[term]) for (j, _), row in self.sites.items() if j == i and row.get(term, "") != ""),
                    ]
                )
            )
        else:
            total = self._by_project(lambda i: self._own(term, i, "", 0))
        return total if total > 0 else 1.0

    def _by_project(self, value: Any) -> float:
        largest: dict[str, float] = defaultdict(float)
        for i in self.candidates:
            largest[self.family(i)] = max(largest[self.family(i)], value(i))
        return sum(largest.values())

    def value(self, choice: Choice) -> float:
        """The weighted objective less the price of soft rules."""
        objective, total = self.plan["objective"], 0.0
        for term, weight in objective["weights"].items():
            if weight:
                total += weight * self.raw(term, choice) / (self.offered(term) if objective["normalise"] else 1.0)
        for rule in self.plan.get("rules", []):
            total -= rule.get("soft", 0.0) * sum(self.violations(rule, choice))
        return total

    def best(self) -> tuple[float | None, Choice]:
        """The best value over all choices; None when no choice keeps every limit."""
        options = [[None, *(at for at in product(self.parks, self.quarters) if self.open(i, *at))] for i in self.candidates]
        found: tuple[float | None, Choice] = (None, {})
        for places in product(*options):
            choice = {i: at for i, at in zip(self.candidates, places, strict=True) if at is not None}
            if not self.broken(choice):
                value = self.value(choice)
                if found[0] is None or value > found[0]:
                    found = (value, choice)
        return found
