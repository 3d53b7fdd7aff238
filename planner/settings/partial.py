"""Settings as far as they can be used: each value that the schema refuses is told and cut out, everything else is kept, at the
place and position where it was written.

A section that was cut is asked again for what its fields must meet together; a rule that reads a field of which nothing is
known says nothing (:class:`planner.settings.base.Cut`). So every fault is told once, and none that only follows from another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal, TypeGuard, TypeVar, get_args, get_origin

from annotated_types import MinLen
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from planner.problems import nearest
from planner.settings.base import Cut, RefusedError, Section
from planner.settings.document import Keys
from planner.settings.schema import Settings
from planner.settings.shape import arms, at, key_names

S = TypeVar("S", bound=Section)
Detail = Mapping[str, Any]
"""One refusal, as pydantic tells it: ``type``, ``loc``, ``ctx``, ``input``."""

SLIP = 0.7
"""Likeness (difflib) from which a key on the outermost level may be a slip of the pen for another."""
STAND_IN = "\u2026"
"""Begins a text that stands where one was refused and something must stand."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Key paths of settings of which nothing is known: refused, or perhaps meant by a key that there is not."""

    keys: frozenset[Keys] = frozenset()
    clashing: frozenset[Keys] = frozenset()
    """Sections whose values, each right by itself, do not go together."""
    written: Collection[Keys] | None = None
    """Where a file below the plan could not be read: the paths that are written above it. What is not may stand there."""

    def whole(self, *keys: str | int) -> bool:
        """Nothing is known of the value there: it, or one that it is part of, was refused."""
        return any(keys[:size] in self.keys for size in range(len(keys) + 1)) or not (self.written is None or keys in self.written)

    def part(self, *keys: str | int) -> bool:
        """The value there was refused, or something in it, or it clashes."""
        inside = (other[: len(keys)] == keys for other in (*self.keys, *self.clashing))
        return any(inside) or self.whole(*keys)

    def and_(self, more: Iterable[Keys]) -> Refused:
        """With further ones."""
        return Refused(self.keys | frozenset(more), self.clashing, self.written)


NOTHING_REFUSED = Refused()


def accepted(data: Mapping[str, Any], written: Collection[Keys] | None = None) -> tuple[Settings, list[Detail], Refused]:
    """The settings in ``data`` as far as they can be used, every refusal in the order found, and what was refused. ``written``:
    see :class:`Refused`."""
    return accepted_as(Settings, data if written is None else _emptied(Settings, data), written)


def accepted_as(root: type[S], data: Mapping[str, Any], written: Collection[Keys] | None = None) -> tuple[S, list[Detail], Refused]:
    """The same of a file that ``root`` is the schema of."""
    details: list[Detail] = []
    cuts = _Cuts(data, root)
    while True:
        try:
            settings = root.model_validate(cuts.data)
        except ValidationError as error:
            found = [_at_schema(detail, root) for detail in error.errors(include_url=False)]
            news = [
                detail for number, detail in enumerate(found) if not _is_other_arm(detail, found[:number] + found[number + 1 :])
            ]
            told = len(details)
            for detail in news:
                if not cuts.known(detail):
                    details.append(detail)
                    cuts.cut(detail)
            if len(details) == told:  # all of it follows from what was cut: so what that is part of goes too
                cuts.cut(news[0])
        else:
            _show_hidden(settings)
            return settings, details, Refused(frozenset(cuts.refused), frozenset(cuts.clashing), written)


def _show_hidden(value: object) -> None:
    if isinstance(value, Section):
        value.show_hidden()
        value = vars(value)
    if isinstance(value, (Mapping, tuple)):
        for entry in value.values() if isinstance(value, Mapping) else value:
            _show_hidden(entry)


class _Cuts:
    """The data, less what was refused so far."""

    def __init__(self, data: Mapping[str, Any], root: type[Section]) -> None:
        self.root = root
        self.data: dict[str, Any] = Cut(data)
        self.refused: set[Keys] = set()
        self.clashing: set[Keys] = set()
        self.gone: set[Keys] = set()
        """What has been cut out; what is refused there again only follows from that."""

    def known(self, detail: Detail) -> bool:
        """Whether the refusal only follows from an earlier one."""
        way = _way(detail)
        if len(way) > len(detail["loc"]) and any(other[: len(way)] == way for other in self.gone):
            return True  # a section blames a part of it from which something was cut
        return any(way[:size] in self.gone or way[:size] in self.refused for size in range(1, len(way) + 1))

    def cut(self, detail: Detail) -> None:
        """Cut out what the refusal is of; where that is gone already, what it is part of."""
        way = _way(detail)
        refusal = detail.get("ctx", {}).get("error")
        if isinstance(refusal, RefusedError) and isinstance(detail["input"], Mapping) and not refusal.at and way not in self.gone:
            section = self._section(way)
            if isinstance(section, Cut) and not section.clash:
                section.clash = True
                self.clashing.add(way)
                return
        unknown = detail["type"] == "extra_forbidden" or detail["loc"][-1:] == ("[key]",)
        while way and (way in self.gone or not self._cut_at(way, unknown)):
            way, unknown = way[:-1], False
        if not way:
            self.data = Cut()
        self.gone.add(way)
        if not unknown:
            self.refused.add(way)

    def _cut_at(self, way: Keys, unknown: bool) -> bool:
        """Cut out the value there; False where nothing of that place is in the data."""
        above, last = self._section(way[:-1]), way[-1]
        if isinstance(above, list) and isinstance(last, int) and last < len(above):
            above[last] = _stand_in(at(way, self.root)[0], (), last)
            return True
        if not isinstance(above, Cut) or not isinstance(last, str):
            return False
        known = key_names(at(way[:-1], self.root)[0])
        above.pop(last, None)
        absent = [name for name in known if name not in above]
        if unknown:
            # It may have been meant for any key that is not there; on the outermost level for one that is nearly called so.
            meant = (nearest(last, absent) or absent) if len(way) > 1 else get_close_matches(last, absent, cutoff=SLIP)
            self.refused |= {(*way[:-1], name) for name in meant}
        else:
            meant = [last]
        for name in meant:
            annotation, field = at((*way[:-1], name), self.root)
            if field is None:
                continue
            if not known:  # an entry under a name that the plan chose: a section keeps its name
                keep = all(_is_section(arm) for arm in arms(annotation))
            else:
                keep = _is_filled(field) or (field.is_required() and name == last)
            if keep:
                above[name] = _stand_in(annotation, field.metadata if known else ())
        above.gone = above.gone | {*meant, *(absent if unknown and len(way) > 1 else ())}
        return True

    def _section(self, way: Keys) -> Any:
        """The mapping or list at ``way``, one of our own; None where there is none. Positions that the data do not have, of a
        single table source, are passed."""
        here: Any = self.data
        for key in way:
            if isinstance(here, dict) and isinstance(key, int):
                continue
            if not (key in here if isinstance(here, dict) else isinstance(here, list) and isinstance(key, int) and key < len(here)):
                return None
            here[key] = _own(here[key])
            here = here[key]
        return here


def _at_schema(detail: Mapping[str, Any], root: type[Section]) -> Detail:
    """The refusal with its way as the schema has it; pydantic puts in which form of a value it tried, told under ``forms``."""
    way: Keys = ()
    forms: list[int] = []
    for number, key in enumerate(detail["loc"]):
        last = number == len(detail["loc"]) - 1 and detail["type"] == "extra_forbidden"
        if last or key == "[key]" or at((*way, key), root)[0] is not None:
            way = (*way, key)
        else:
            forms.append(len(way))
    return {**detail, "loc": way, "forms": tuple(forms)}


def _is_other_arm(detail: Detail, others: Sequence[Detail]) -> bool:
    """Whether a value was tried in another form too, and came further there."""
    if not detail["forms"]:
        return False
    way = detail["loc"]
    return any(other["forms"] and len(other["loc"]) > len(way) and other["loc"][: len(way)] == way for other in others)


def _way(detail: Detail) -> Keys:
    """Where the refusal is of: a key that is not allowed stands one above, what a value's own check blames below."""
    way: Keys = tuple(detail["loc"])
    refusal = detail.get("ctx", {}).get("error")
    return way[:-1] if way[-1:] == ("[key]",) else (*way, *refusal.at) if isinstance(refusal, RefusedError) else way


def _own(value: Any) -> Any:
    """A copy that may be cut: no mapping of the files is changed."""
    if isinstance(value, Cut) or type(value) is _OwnList:
        return value
    return Cut(value) if isinstance(value, Mapping) else _OwnList(value) if isinstance(value, (list, tuple)) else value


class _OwnList(list[Any]): ...


def _stand_in(annotation: object, metadata: Iterable[object] = (), number: int = 0) -> Any:
    """Something that the schema allows there, to hold the place of what it does not."""
    arm = next(iter(arms(annotation)), Any)
    if _is_section(arm):
        fields = {name: field for name, field in arm.model_fields.items() if field.is_required() or _is_filled(field)}
        entry = Cut({name: _stand_in(field.annotation, field.metadata) for name, field in fields.items()})
        entry.gone = frozenset(arm.model_fields)
        return entry
    if get_origin(arm) is Literal:
        return get_args(arm)[0]
    if get_origin(arm) in (tuple, list):
        least = max((limit.min_length for limit in metadata if isinstance(limit, MinLen)), default=0)
        return [_stand_in(get_args(arm)[0], (), position) for position in range(least)]
    if _is_mapping(arm):
        return {}
    return f"{STAND_IN}x{number}" if arm is str else 1 if arm in (int, float) else None


def _is_filled(field: FieldInfo) -> bool:
    """A section or a mapping that is there even if it is not written: nothing in it is better than what the schema puts there."""
    optional = not field.is_required() and field.default is None
    return not optional and any(_is_mapping(arm) or _is_section(arm) for arm in arms(field.annotation))


def _is_section(arm: object) -> TypeGuard[type[BaseModel]]:
    return isinstance(arm, type) and issubclass(arm, BaseModel)


def _is_mapping(arm: object) -> bool:
    origin = get_origin(arm)
    return isinstance(origin, type) and issubclass(origin, Mapping)


def _emptied(model: type[BaseModel], data: Mapping[str, Any]) -> dict[str, Any]:
    """The data, with nothing in the mappings that they leave out: the schema's own entries are not what was meant."""
    filled = dict(data)
    for name, field in model.model_fields.items():
        arm = next(iter(arms(field.annotation)), None)
        if _is_section(arm) and isinstance(data.get(name, {}), Mapping):
            filled[name] = _emptied(arm, data.get(name, {}))
        elif _is_mapping(arm) and name not in data and not field.is_required():
            filled[name] = {}
    return filled
