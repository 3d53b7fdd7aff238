"""A dossier says what can be added up by hand, marks what is assumed, says what is not known, and gives nothing away."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.plan.records import Use
from planner.problems import InputError
from planner.publish.desk import Desk
from planner.publish.documents.model import Facts, Lights, Table, value_of
from planner.publish.dossiers.factors import enough_since, lasting
from planner.publish.dossiers.find import find
from planner.publish.dossiers.freight import Freight, Line
from tests.dossier_city import CANDIDATES, DISTANCES, FIRMS, FORBIDDEN, FREIGHT, POLICIES, desk, found, page, plan_of, rows, text_of


def the(freight: Freight, inbound: bool) -> Line:
    (line,) = freight.side(inbound)
    return line


def test_inbound_freight_is_tonnes_times_rate_times_the_kilometres_saved(tmp_path: Path) -> None:
    made = found(desk(tmp_path), "A")
    line = the(made.freight, inbound=True)
    assert made.subject.park is not None
    assert made.subject.park.park_id == "P1"
    assert line.partner.firm.name == "泡棉厂"
    assert line.amount == pytest.approx(60)  # 0.1 × 600, under the supplier's 100
    assert line.tonnes == pytest.approx(30)  # 60 万元 × 0.5 t
    assert line.saving == pytest.approx(30 * 0.4 * (480 - 40))
    assert made.freight.total == line.saving


def test_outbound_freight_goes_by_what_the_buyer_needs(tmp_path: Path) -> None:
    made = found(desk(tmp_path), "D")
    line = the(made.freight, inbound=False)
    assert made.subject.park is not None
    assert made.subject.park.park_id == "P2"
    assert line.amount == pytest.approx(20)  # 0.1 × the 200 of 老座椅厂, of the 300 that D makes
    assert line.saving == pytest.approx(20 * 0.5 * 0.4 * (500 - 40))


def test_a_supplier_sells_no_more_than_it_makes_and_the_next_has_the_rest(tmp_path: Path) -> None:
    firms = [
        *FIRMS[:1],
        {**FIRMS[1], "capacity": 45},
        {"name": "远泡棉厂", "link_id": "FOAM", "capacity": 100, "city": "苏州市", "lon": 120.59, "lat": 31.3},
    ]
    made = found(desk(tmp_path, incumbents=firms), "A")
    assert [(line.partner.firm.name, line.amount) for line in made.freight.side(True)] == [
        ("泡棉厂", pytest.approx(45)),
        ("远泡棉厂", pytest.approx(15)),
    ]
    assert made.freight.saving(True) == pytest.approx(sum(line.saving or 0 for line in made.freight.side(True)))


@pytest.mark.parametrize(
    ("tables", "candidate", "lacks"),
    [
        ({"freight": []}, "A", ("rate", "tonnage")),
        ({"freight": rows(FREIGHT, tonnage="")}, "A", ("tonnage",)),
        ({"freight": rows(FREIGHT, rate="")}, "A", ("rate",)),
        ({"incumbents": rows(FIRMS, capacity="")}, "A", ("amount",)),
        ({"distances": DISTANCES[:0]}, "A", ()),  # great circles between known points
        ({}, "C", ("today",)),
    ],
)
def test_what_is_not_known_gives_no_saving_and_is_named(
    tmp_path: Path, tables: dict[str, list[dict[str, object]]], candidate: str, lacks: tuple[str, ...]
) -> None:
    made = found(desk(tmp_path, **tables), candidate)
    (line,) = made.freight.lines
    assert line.lacks == lacks
    assert (line.saving is None) == bool(lacks)
    assert (made.freight.total is None) == bool(lacks)


def test_without_rates_the_page_says_so_and_shows_no_amount_saved(tmp_path: Path) -> None:
    said = text_of(page(desk(tmp_path, freight=[]), "A"))
    assert "无费率" in said
    assert "年省运费" in said
    assert "进货年省运费" not in said


def test_rates_for_a_tonne_are_those_of_each_way(tmp_path: Path) -> None:
    freight = [
        {
            "link_id": "FOAM",
            "from_place": "P2",
            "to_place": "宁波市",
            "mode": "公路",
            "rate": "",
            "rate_per_ton": 190,
            "tonnage": 0.5,
        },
        {"link_id": "FOAM", "from_place": "P2", "to_place": "P1", "mode": "公路", "rate": "", "rate_per_ton": 25, "tonnage": ""},
    ]
    assert the(found(desk(tmp_path, freight=freight), "A").freight, True).saving == pytest.approx(30 * (190 - 25))


def test_kilometres_are_those_of_the_mode_that_the_rate_is_of(tmp_path: Path) -> None:
    by_rail = [
        {"from_place": "宁波市", "to_place": "P2", "mode": "铁路", "km": 600},
        {"from_place": "P1", "to_place": "P2", "mode": "铁路", "km": 70},
    ]
    freight = [{**row, "mode": "铁路", "rate": 0.1} for row in FREIGHT]
    city = desk(tmp_path, distances=[*DISTANCES, *by_rail], freight=freight)
    assert the(found(city, "A").freight, True).saving == pytest.approx(30 * 0.1 * (600 - 70))
    assert "70表｜600表" in text_of(page(city, "A"))  # what is shown is what is reckoned with


def test_among_rows_that_fit_alike_the_lower_rate_holds_and_a_narrower_row_goes_first(tmp_path: Path) -> None:
    dear, cheap = {**FREIGHT[0], "mode": "冷链", "rate": 1.2}, {**FREIGHT[0], "mode": "铁路", "rate": 0.3}
    assert the(found(desk(tmp_path / "1", freight=[*FREIGHT, dear, cheap]), "A").freight, True).saving == pytest.approx(
        30 * 0.3 * 440
    )
    of_every_link = {**cheap, "link_id": "", "rate": 0.1}
    assert the(found(desk(tmp_path / "2", freight=[*FREIGHT, of_every_link]), "A").freight, True).saving == pytest.approx(
        30 * 0.4 * 440
    )


def test_that_it_trades_with_these_firms_is_marked_as_assumed(tmp_path: Path) -> None:
    made = page(desk(tmp_path), "A")
    table = next(block for block in made.section("partners").blocks if isinstance(block, Table))  # type: ignore[union-attr]
    saved = value_of(table.rows[0][-1])
    assert (saved.text, saved.assumed) == ("0.528 万元", True)
    assert "[" in value_of(table.rows[0][1]).text  # its source
    assert "统计局" in text_of(made)


def uses(*amounts: tuple[float, float | None]) -> list[Use]:
    quarters = ("2027Q1", "2027Q2", "2027Q3", "2027Q4")
    return [
        Use(resource_id="land", quarter=quarter, used=used, capacity=capacity, share=None)
        for quarter, (used, capacity) in zip(quarters, amounts, strict=False)
    ]


@pytest.mark.parametrize(
    ("amounts", "need", "since", "left"),
    [
        (((20, 100), (60, 100)), 40, "2027Q1", [40, 40]),
        (((20, 50), (60, 150), (60, 150)), 40, "2027Q2", [30, 90, 90]),
        (((0, 100), (80, 100)), 40, None, [20, 20]),  # what is free at first is used later: the firm stays
        (((0, None), (0, None)), 40, "2027Q1", [None, None]),
        (((0, None), (70, 100)), 40, None, [30, 30]),
    ],
)
def test_what_there_is_lasts_to_the_end_of_the_plan(
    amounts: tuple[tuple[float, float | None], ...], need: float, since: str | None, left: list[float | None]
) -> None:
    found_left = lasting(uses(*amounts), {})
    assert [one.amount for one in found_left] == left
    assert enough_since(found_left, need) == since


def test_a_firm_does_not_stand_in_its_own_way() -> None:
    own = {"2027Q1": 0.0, "2027Q2": 40.0}
    assert [one.amount for one in lasting(uses((60, 100), (100, 100)), own)] == [40, 40]


def test_lights_by_hand(tmp_path: Path) -> None:
    """A (land 40, from Q1) and B (30, from Q2) are in P1 with its 80; C, which is not selected and needs 50, would go there."""
    city = desk(tmp_path)
    assert {(firm.candidate_id, firm.park_id, firm.quarter) for firm in city.plan.selected} >= {
        ("A", "P1", "2027Q1"),
        ("B", "P1", "2027Q2"),
    }
    land = {candidate: found(city, candidate).resources[0] for candidate in "ABC"}
    assert [(one.need, one.level, [left.amount for left in one.left]) for one in land.values()] == [
        (40, "green", [50, 50]),  # all but what B uses in the end
        (30, "green", [40, 40]),
        (50, "red", [10, 10]),
    ]
    lights = next(block for block in page(city, "C").section("factors").blocks if isinstance(block, Lights))  # type: ignore[union-attr]
    (red,) = [
        light for light in lights.lights if "用地" in value_of(light.cells[0]).text or "land" in value_of(light.cells[0]).text
    ]
    assert (red.level, value_of(red.cells[2]).text) == ("red", "到 2027Q2 仅余 10 亩，差 40 亩")


def test_what_comes_in_a_later_quarter_is_amber(tmp_path: Path) -> None:
    city = desk(tmp_path)
    parks = tuple(
        park.model_copy(
            update={
                "use": tuple(use.model_copy(update={"capacity": 200.0}) if use.quarter == "2027Q2" else use for use in park.use)
            }
        )
        for park in city.plan.parks
    )
    later = Desk(city.plan.model_copy(update={"parks": parks}), city.opened)
    land = found(later, "C").resources[0]
    assert (land.level, land.since, [left.amount for left in land.left]) == ("amber", "2027Q2", [40, 130])
    assert "2027Q1 起可供 40 亩；2027Q2 起 130 亩" in text_of(page(later, "C"))


def test_offers_are_screened_and_what_is_refused_stands_with_its_basis(tmp_path: Path) -> None:
    made = page(desk(tmp_path), "A")
    offers = made.section("offers")
    assert offers is not None
    table = next(block for block in offers.blocks if isinstance(block, Table))
    assert [value_of(row[0]).text.split()[0] for row in table.rows] == ["投资补助"]
    assert value_of(table.rows[0][1]).text == "50 万元（按上限）"  # a tenth of 900 is more
    said = text_of(made)
    assert "税收返还——不合规，不得承诺（依据：条例第十条）" in said
    assert "落户奖——已于 2026-06-30 失效（依据：示政发9号）" in said
    assert "待审查，不作承诺：优惠电价" in said


def test_without_a_table_of_policies_nothing_is_promised(tmp_path: Path) -> None:
    assert "未提供政策表，不作任何承诺" in text_of(page(desk(tmp_path, policies=[]), "A"))


PERSON = {"contact_note": "张三 138-0000-0000", "home_people": "李四等 2 人在其研发部"}


@pytest.mark.parametrize("consent", ["", "否"])
def test_without_consent_no_person_is_named(tmp_path: Path, consent: str) -> None:
    said = text_of(page(desk(tmp_path, candidates=rows(CANDIDATES, **PERSON, consent=consent)), "A"))
    assert "未授权" in said
    assert "2 人（未授权，不列姓名）" in said
    for secret in ("张三", "138", "李四"):
        assert secret not in said


def test_with_consent_the_contact_stands_there(tmp_path: Path) -> None:
    said = text_of(page(desk(tmp_path, candidates=rows(CANDIDATES, **PERSON, consent="是")), "A"))
    assert "张三 138-0000-0000" in said
    assert "李四等 2 人在其研发部" in said
    assert "未授权" not in said


def test_labour_is_what_the_indicators_say_of_the_chain_at_last(tmp_path: Path) -> None:
    indicators = [
        {"chain_id": "CAR", "indicator": "可用劳动力", "period": "2025", "value": 9000, "unit": "人", "source": "人社局"},
        {"chain_id": "CAR", "indicator": "可用劳动力", "period": "2026", "value": 12000, "unit": "人", "source": "人社局"},
        {"chain_id": "CAR", "indicator": "研发强度", "period": "2026", "value": 77, "unit": "家", "source": "人社局"},
    ]
    assert "可用劳动力 2026 12,000 人" in text_of(page(desk(tmp_path, indicators=indicators), "A"))


def test_wishes_and_questions_come_from_the_table_and_from_what_is_blank(tmp_path: Path) -> None:
    told = rows(CANDIDATES, wishes="要靠近铁路", questions="一期何时开工；谁出设备款", refused_parks="P2", jobs="")
    made = page(desk(tmp_path, candidates=told), "B")
    talk = made.section("talk")
    assert talk is not None
    said = {fact.label: value_of(fact.value).text for block in talk.blocks if isinstance(block, Facts) for fact in block.facts}
    assert said["企业诉求"] == "要靠近铁路"
    assert said["不考虑园区"] == "二号园"
    asked = said["请企业说明"]
    assert asked.startswith("1. 一期何时开工；2. 谁出设备款；3. 用工人数")
    assert "年税收" in asked


@pytest.mark.parametrize("candidate", ["A", "B", "C", "D"])
def test_nothing_internal_stands_on_a_page(tmp_path: Path, candidate: str) -> None:
    plan, city = plan_of(), desk(tmp_path)
    planted = "7654321"
    objective = plan.objective.model_copy(update={"value": float(planted), "bound": float(planted), "gap": float(planted)})
    left_out = tuple(firm.model_copy(update={"gain": float(planted), "subsidy": float(planted)}) for firm in plan.not_selected)
    funds = tuple(use.model_copy(update={"amount": float(planted), "left": float(planted)}) for use in plan.funds)
    others = tuple(
        firm.model_copy(update={"subsidy": float(planted), "contribution": {"gap": float(planted)}}) for firm in plan.selected
    )
    changed = plan.model_copy(update={"objective": objective, "not_selected": left_out, "funds": funds, "selected": others})
    said = text_of(page(Desk(changed, city.opened), candidate))
    assert planted not in said.replace(",", "")
    for word in FORBIDDEN:
        assert word not in said
    names = {firm.name for firm in (*plan.selected, *plan.not_selected) if firm.candidate_id != candidate}
    assert not [name for name in names if name in said]


def test_targets_are_counted_and_not_named(tmp_path: Path) -> None:
    said = text_of(page(desk(tmp_path), "A"))
    assert "上下游规划引进 1 家" in said  # D, which makes foam
    assert "丁公司" not in said


def test_a_page_of_a_firm_that_is_not_selected_looks_alike_and_says_nothing_of_it(tmp_path: Path) -> None:
    city = desk(tmp_path)
    (left_out, *_) = [firm.candidate_id for firm in plan_of().not_selected]
    mine, theirs = page(city, "A"), page(city, left_out)
    assert [section.key for section in mine.sections] == [section.key for section in theirs.sections]
    assert [section.heading for section in mine.sections] == [section.heading for section in theirs.sections]
    lights = next(block for block in theirs.section("factors").blocks if isinstance(block, Lights))  # type: ignore[union-attr]
    assert len(lights.lights) >= 7


def test_more_firms_than_have_room_are_counted(tmp_path: Path) -> None:
    firms = [*FIRMS, *({"name": f"泡棉{n}厂", "link_id": "FOAM", "capacity": 1, "park_id": "P1"} for n in range(20))]
    made = page(desk(tmp_path, incumbents=firms), "A")
    table = next(block for block in made.section("partners").blocks if isinstance(block, Table))  # type: ignore[union-attr]
    assert len(table.rows) == 8
    assert "另有 13 家" in text_of(made)


def test_candidates_are_meant_by_id_or_by_name(tmp_path: Path) -> None:
    city = desk(tmp_path, candidates=[{**row, "name": "丙公司"} if row["candidate_id"] == "D" else row for row in CANDIDATES])
    assert find(city, ["A", "甲公司", "乙公司"]) == ["A", "B"]
    with pytest.raises(InputError) as refused:
        find(city, ["丙公司", "戊公司"])
    assert [problem.code for problem in refused.value.problems] == ["F102", "F101"]
    assert all(problem.say(language) for problem in refused.value.problems for language in ("zh", "en"))


def test_english_pages_have_no_chinese_of_ours(tmp_path: Path) -> None:
    names = {
        "一号园",
        "二号园",
        "老座椅厂",
        "泡棉厂",
        "甲公司",
        "座椅",
        "泡棉",
        "小城",
        "宁波市",
        "东县",
        "西县",
        "物流协会",
        "统计局",
        "北区",
    }
    names |= {str(cell) for row in POLICIES for cell in row.values()}
    said = text_of(page(desk(tmp_path, language="en"), "A")).replace("Noto Sans CJK SC", "")
    for name in sorted(names, key=len, reverse=True):
        said = said.replace(name, "")
    assert not [character for character in said if "\u4e00" <= character <= "\u9fff" or character in "；，。（）：、"]
