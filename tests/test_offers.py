"""Policies are screened one reason at a time: what is offered, refused with its basis, or set apart; and only offers count."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from planner import api
from planner.publish.offers import DOUBTS, REFUSALS, Asker, Offer, countable, of_verdict, screened
from planner.publish.stated import Stated, stated_rows
from tests.city import TABLES, write_city

LAWFUL: dict[str, Any] = {
    "offer": "固定资产投资补助",
    "basis": "示政发〔2026〕12号",
    "lawful": "yes",
    "from": dt.date(2027, 1, 1),
    "until": dt.date(2027, 3, 31),
    "chain_id": ("CAR",),
    "link_id": ("SEAT",),
    "class": ("专精特新",),
    "county": ("东县",),
    "ceiling": 500.0,
}
FIRM = Asker("CAR", "SEAT", ("专精特新",), "东县", "2027Q1", {"investment": 9000.0, "tax": None})


def one(asker: Asker = FIRM, **changes: Any) -> Offer:
    return screened([Stated({**LAWFUL, **changes})], asker)[0]


def test_what_is_lawful_in_force_and_meant_for_the_firm_is_offered() -> None:
    offer = one()
    assert (offer.verdict, offer.reasons) == ("offered", ())
    assert one(**dict.fromkeys(("from", "until"))).verdict == "offered"
    assert one(**dict.fromkeys(("chain_id", "link_id", "class", "county"), ()), asker=Asker(quarter="2027Q1")).verdict == "offered"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"lawful": "no"}, "forbidden"),
        ({"until": dt.date(2026, 12, 31)}, "expired"),
        ({"from": dt.date(2027, 4, 1), "until": None}, "not_yet"),
        ({"chain_id": ("BIO",)}, "chain"),
        ({"link_id": ("FOAM",)}, "link"),
        ({"class": ("单项冠军",)}, "class"),
        ({"county": ("西县", "南县")}, "county"),
        ({"lawful": "review"}, "not_reviewed"),
        ({"lawful": ""}, "not_reviewed"),
        ({"basis": ""}, "no_basis"),
        ({"until": dt.date(2027, 3, 30)}, "part_of_quarter"),
        ({"from": dt.date(2027, 1, 2)}, "part_of_quarter"),
        ({"asker": Asker("CAR", "SEAT", ("专精特新",), "东县")}, "quarter_unknown"),
        ({"asker": Asker(None, "SEAT", ("专精特新",), "东县", "2027Q1")}, "chain_unknown"),
        ({"asker": Asker("CAR", None, ("专精特新",), "东县", "2027Q1")}, "link_unknown"),
        ({"asker": Asker("CAR", "SEAT", (), "东县", "2027Q1")}, "class_unknown"),
        ({"asker": Asker("CAR", "SEAT", ("专精特新",), None, "2027Q1")}, "county_unknown"),
    ],
)
def test_each_reason_alone_keeps_an_offer_back(changes: dict[str, Any], code: str) -> None:
    offer = one(rate=0.1, rate_of="investment", **changes)
    assert [reason.code for reason in offer.reasons] == [code]
    assert offer.verdict == ("refused" if code in REFUSALS else "review")
    assert offer.value == 0.0
    assert all(offer.reasons[0].words.say(language) for language in ("zh", "en"))


def test_every_reason_has_its_case() -> None:
    marks = test_each_reason_alone_keeps_an_offer_back.pytestmark  # type: ignore[attr-defined]
    assert {code for mark in marks for _, code in mark.args[1]} == {*REFUSALS, *DOUBTS}


def test_what_is_refused_says_on_what_it_rests() -> None:
    forbidden = one(lawful="no", ground="公平竞争审查条例第十条")
    assert forbidden.basis == "公平竞争审查条例第十条"
    assert one(lawful="no").basis == "示政发〔2026〕12号"
    assert one(until=dt.date(2026, 6, 30), ground="不相干").basis == "示政发〔2026〕12号"


def test_a_forbidden_offer_that_has_ended_too_is_told_as_forbidden_first() -> None:
    offer = one(lawful="no", until=dt.date(2026, 6, 30), basis="")
    assert [reason.code for reason in offer.reasons] == ["forbidden", "expired", "no_basis"]
    assert offer.verdict == "refused"


def test_a_rate_gives_no_more_than_the_ceiling_and_nothing_where_its_base_is_not_known() -> None:
    assert (one(rate=0.02, rate_of="investment").amount, one(rate=0.02, rate_of="investment").capped) == (180.0, False)
    assert (one(rate=0.1, rate_of="investment").amount, one(rate=0.1, rate_of="investment").capped) == (500.0, True)
    assert one(rate=0.5, rate_of="tax").amount is None
    assert one().amount is None


def test_only_what_is_offered_counts() -> None:
    rows = [
        {"rate": 0.02, "rate_of": "investment", **changes}
        for changes in ({}, {"lawful": "no"}, {"lawful": "review"}, {"until": dt.date(2026, 1, 1)})
    ]
    offers = screened([Stated({**LAWFUL, **row}) for row in rows], FIRM)
    assert countable(offers) == 180.0
    assert [len(of_verdict(offers, verdict)) for verdict in ("offered", "review", "refused")] == [1, 1, 2]


def test_policies_for_several_counties_and_chains_are_read_from_a_table(tmp_path: Path) -> None:
    policies = [
        {
            "offer": "甲",
            "basis": "文一",
            "county": "东县;西县",
            "chain_id": "CAR",
            "lawful": "是",
            "from": "2027-01-01",
            "ceiling*": 80,
        },
        {"offer": "乙", "basis": "文二", "county": "西县", "chain_id": "", "lawful": "", "from": "", "ceiling*": ""},
    ]
    opened = api.open_plan(write_city(tmp_path, tables={**TABLES, "policies": policies}))
    first, second = screened(stated_rows(opened.case.tables, "policies"), Asker("CAR", "SEAT", (), "东县", "2027Q2"))
    assert (first.verdict, first.ceiling, first.policy.assumed >= {"ceiling"}) == ("offered", 80.0, True)
    assert [reason.code for reason in second.reasons] == ["county", "not_reviewed"]
    assert second.ceiling is None
