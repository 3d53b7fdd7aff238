"""What a plan reads of its tables: its objective terms, and the facts that may therefore not be blank."""

from __future__ import annotations

from dataclasses import dataclass

from planner.reading.table import Tables
from planner.settings.schema import Settings


@dataclass(frozen=True, slots=True)
class UsedFacts:
    """Which facts the plan uses, so that a blank among them is a problem and a blank elsewhere is not."""

    columns: frozenset[str]
    """Columns of candidates."""
    links: bool
    """Demand, supply and capacity at links."""
    incumbent_capacity: bool
    """Supply of links is taken from the firms that are here."""


def term_weights(settings: Settings) -> dict[str, float]:
    """Every term that carries weight somewhere in the objective (for levels: at the first level that weighs it)."""
    weights: dict[str, float] = {}
    for level in [level.weights for level in settings.objective.levels] or [settings.objective.weights]:
        for term, weight in level.items():
            weights[term] = weights.get(term) or weight
    return weights


def bounded_terms(settings: Settings) -> tuple[str, ...]:
    """Terms whose raw figure has a floor or a ceiling, in the order of their names."""
    return tuple(sorted({*settings.objective.floors, *settings.objective.ceilings}))


def terms_told(settings: Settings) -> tuple[str, ...]:
    """Every term that a plan counts: those that carry weight, as they are written, then those that are only bounded."""
    weighed = [term for term, weight in term_weights(settings).items() if weight]
    return tuple(dict.fromkeys([*weighed, *bounded_terms(settings)]))


def used_facts(settings: Settings, tables: Tables) -> UsedFacts:
    """What this plan, with these tables, reads."""
    columns = {"landing_probability"} | set(terms_told(settings))
    for rule in settings.rules:
        columns |= set(rule.where) | ({rule.sum} if rule.sum else set())
    parks, links = tables.get("parks"), tables.get("links")
    has = set() if parks is None else set(parks.frame.columns)
    columns |= {"investment"} if "min_investment_intensity" in has else set()
    columns |= {"tax"} if "min_tax_intensity" in has else set()
    columns |= {"subsidy"} if tables.get("funds") is not None else set()
    columns |= {"effort"} if tables.get("teams") is not None else set()
    demand = links is not None and "demand" in links.frame.columns
    supply = links is not None and "supply" in links.frame.columns
    return UsedFacts(frozenset(columns), demand, demand and not supply)
