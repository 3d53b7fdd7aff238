"""The catalogue of fields: nothing of a record is forgotten, one line reaches every output, headings come in both languages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pyogrio
import pytest
from pydantic import BaseModel

from planner.language import Words
from planner.plan.firm_records import Incumbent, NotSelected, Selected
from planner.plan.means_records import FundUse, TeamUse
from planner.plan.records import ChainResult, LinkResult, ParkResult
from planner.publish import fields
from planner.publish.basis import Basis
from planner.publish.field import Catalogue, Field, Shown
from planner.publish.geopackage import write_geopackage
from planner.publish.map.facts import Facts
from planner.publish.map.palette import read_palette
from planner.publish.map.places import Ground
from planner.publish.map.view import view_of
from planner.publish.view import View
from planner.publish.workbook import write_workbook
from tests.example_plan import example_plan

pytestmark = pytest.mark.filterwarnings("ignore:.*xtension is not supported:UserWarning")

PLAN = example_plan()
VIEW = View(PLAN, "zh")
RECORDS: tuple[tuple[type[BaseModel], Catalogue[Any], Sequence[Any], set[str]], ...] = (
    (Selected, fields.FIRM, PLAN.selected, {"score"}),
    (NotSelected, fields.LEFT_OUT, PLAN.not_selected, {"link_id", "chain_id"}),
    (Incumbent, fields.INCUMBENT, PLAN.incumbents, {"chain_id", "lon", "lat"}),
    (ParkResult, fields.PARK, PLAN.parks, {"lon", "lat", "geometry", "use"}),
    (LinkResult, fields.LINK, PLAN.links, set()),
    (ChainResult, fields.CHAIN, PLAN.chains, {"chain_id", "weight", "lead_office", "anchor_firm", "links"}),
    (FundUse, fields.FUND, PLAN.funds, {"assumed", "after_horizon"}),
    (TeamUse, fields.TEAM, PLAN.teams, {"assumed", "after_horizon"}),
)
"""Type, catalogue, records of a plan, and what no field shows: ids and shapes that outputs join or draw, the chain's
people, who stand in a line above its tables, marks, scores, which the objective shows, and what tells two tables apart."""
ALL = (*(catalogue for _, catalogue, _, _ in RECORDS), fields.USE)


class Watched:
    """Stands for a record and notes which of its attributes are read."""

    def __init__(self, record: BaseModel, read: set[str]) -> None:
        self._record, self._read = record, read

    def __getattr__(self, name: str) -> Any:
        self._read.add(name)
        return getattr(self._record, name)


@pytest.mark.parametrize(("kind", "catalogue", "records", "not_shown"), RECORDS)
def test_every_attribute_of_a_record_is_shown_or_stated_not_to_be(
    kind: type[BaseModel], catalogue: Catalogue[Any], records: Sequence[Any], not_shown: set[str]
) -> None:
    read: set[str] = set()
    for record in records:
        for where in Shown:
            for field in catalogue.shown(VIEW, where):
                field.value(VIEW, Watched(record, read))
    assert records
    assert set(kind.model_fields) - read == not_shown


def new_field(number: int) -> Field[Any]:
    """A field that no record knows, of a name and a value of its own."""
    words = Words(f"新字段{number}", f"New field {number}")
    return Field(f"brand_new_{number}", "number", words, ~Shown(0), Words("吨", "t"), lambda *_: 1230.0 + number, ())


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[openpyxl.Workbook, Path, Any]:
    """(the workbook, the GeoPackage, what the map is made of), with a new field in every catalogue."""
    folder = tmp_path_factory.mktemp("fields")
    with pytest.MonkeyPatch.context() as patch:
        for number, (catalogue, *_) in enumerate(REACHED):
            patch.setattr(catalogue, "entries", (*catalogue.entries, new_field(number)))
        write_workbook(PLAN, folder / "plan.xlsx")
        write_geopackage(PLAN, folder / "plan.gpkg")
        return (
            openpyxl.load_workbook(folder / "plan.xlsx"),
            folder / "plan.gpkg",
            view_of(PLAN, Ground((), (), None), read_palette()),
        )


REACHED: tuple[tuple[Catalogue[Any], str, tuple[str, ...], bool], ...] = (
    (fields.FIRM, "招商清单", ("selected_firms", "selected", "home_lines"), True),
    (fields.LEFT_OUT, "未选原因", ("not_selected",), False),
    (fields.PARK, "园区", ("park_points", "park_areas"), True),
    (fields.LINK, "环节", ("links",), True),
    (fields.INCUMBENT, "新能源汽车", ("incumbents",), True),
    (fields.CHAIN, "总览", (), False),
    (fields.FUND, "资金与专班", (), False),
    (fields.TEAM, "资金与专班", (), False),
    (fields.USE, "资源分季", (), False),
)
"""A catalogue, and where its fields come: a sheet, layers of the GeoPackage, popups of the map."""


@pytest.mark.parametrize("number", range(len(REACHED)), ids=[sheet for _, sheet, _, _ in REACHED])
def test_one_line_brings_a_field_into_every_output(number: int, published: tuple[openpyxl.Workbook, Path, Any]) -> None:
    (_, sheet, layers, popup), (book, package, view) = REACHED[number], published
    cells = [cell for row in book[sheet].iter_rows() for cell in row]
    heading = next(cell for cell in cells if cell.value == f"新字段{number}\n吨")
    assert [cell.value for cell in cells if cell.column == heading.column and cell.row == heading.row + 1] == [1230 + number]
    for layer in layers:
        assert set(pyogrio.read_dataframe(package, layer=layer)[f"brand_new_{number}"]) == {1230.0 + number}
    if layers:
        styles = pyogrio.read_dataframe(package, layer="layer_styles")
        assert f'name="新字段{number}(吨)"' in styles.set_index("f_table_name").loc[layers[0], "styleQML"]
    told = [row for group in ("firms", "parks", "links") for one in view[group] for row in one["facts"]]
    told += [row for group in view["incumbents"] for one in group["firms"] for row in one["facts"]]
    label = f"新字段{number}"
    assert popup == (label in view["labels"] and (view["labels"].index(label), f"1,{230 + number} 吨") in told)


def test_a_mark_reaches_the_popup_as_it_reaches_the_workbook() -> None:
    facts = Facts(VIEW)
    for catalogue, records in ((fields.FIRM, PLAN.selected), (fields.LINK, PLAN.links), (fields.PARK, PLAN.parks)):
        for record in records:
            starred = {facts.labels()[row[0]] for row in facts.rows(catalogue, record) if len(row) == 3}
            shown = catalogue.shown(VIEW, Shown.POPUP)
            assert starred == {one.heading.zh for one in shown if one.is_assumed(VIEW, record)}
    thirsty = PLAN.selected[0].model_copy(update={"assumed": ("land",)})
    marked = Facts(View(PLAN.model_copy(update={"selected": (thirsty, *PLAN.selected[1:])}), "zh"))
    land = [[use[3] for use in one.use(PLAN.parks[0]) if use[0] == "用地"] for one in (facts, marked)]
    assert land == [[0], [1]], "what is used of a resource rests on what firms are assumed to need"
    assert "评级" in {facts.labels()[row[0]] for row in facts.rows(fields.LINK, PLAN.links[1]) if len(row) == 3}


@pytest.mark.parametrize("assumed", [0, 1, None])
def test_the_demand_that_firms_draw_is_marked_whichever_of_a_link_s_firms_is_assumed(assumed: int | None) -> None:
    buyer = next(firm for firm in PLAN.selected if firm.link_id == "L4").model_copy(update={"assumed": ()})
    buyers = [buyer.model_copy(update={"candidate_id": f"B{number}"}) for number in range(2)]
    if assumed is not None:
        buyers[assumed] = buyers[assumed].model_copy(update={"assumed": ("capacity",)})
    basis = Basis(PLAN.model_copy(update={"selected": tuple(buyers), "assumptions": ()}))
    drawn = next(link for link in PLAN.links if link.link_id == "L1").model_copy(update={"assumed": ()})
    assert basis.demand(drawn, after=True) == (assumed is not None)
    assert not basis.demand(drawn, after=False)


@pytest.mark.parametrize("catalogue", ALL)
def test_names_are_unlike_and_headings_come_in_both_languages(catalogue: Catalogue[Any]) -> None:
    for where in Shown:
        shown = catalogue.shown(View(example_plan("en"), "en"), where)
        assert len({field.name.lower() for field in shown}) == len(shown)
        for field in shown:
            words = (field.heading, field.group, field.unit)
            assert field.heading.zh
            assert not any(re.search("[\u4e00-\u9fff]", one.en) for one in words if one is not None), field.name
