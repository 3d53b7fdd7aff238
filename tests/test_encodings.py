"""Text that decodes in an encoding it is not in is asked about; text that is in it never."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from planner.geography.boundaries import divisions
from planner.reading.encodings import Decoded, decode
from tests.sweep import sweep
from tests.table_files import read, write_csv

KOREAN = ["주식회사 가온전지", "한빛자동차", "이차전지 소재", "반도체 제조", "경기도 화성시", "양극재", "배터리 재활용", "나래화학"]
JAPANESE = ["株式会社青葉製作所", "やまと自動車株式会社", "住北化学工業", "東都エレクトロン", "自動車部品の製造", "電池・電子部品"]
TRADITIONAL = ["臺灣青葉電子股份有限公司", "鴻城精密工業", "半導體封裝", "電動車電池", "新竹科學園區"]
CASES = [
    ("cp949", KOREAN, "euc-kr"),
    ("euc_jp", JAPANESE, "euc-jp"),
    ("cp932", JAPANESE, "shift_jis"),
    ("cp950", TRADITIONAL, "big5"),
]


def decoded(texts: list[str], encoding: str) -> Decoded:
    return decode("c.csv", "\n".join(("candidate_id,name", *(f"A,{text}" for text in texts))).encode(encoding), None)


@pytest.mark.parametrize(("encoding", "texts", "named"), CASES)
def test_a_table_in_another_encoding_of_the_east_is_asked_about_and_read_when_stated(
    tmp_path: Path, encoding: str, texts: list[str], named: str
) -> None:
    write_csv(tmp_path / "c.csv", [("candidate_id", "name"), *((f"K{n}", text) for n, text in enumerate(texts))], encoding)
    (problem,) = read(tmp_path, candidates="c.csv")[1]
    assert (problem.code, str(problem.place)) == ("T230", "c.csv:2")
    assert f"encoding: {named}" in problem.remedy.zh
    assert texts[0][:4] in problem.rule.en
    tables, problems = read(tmp_path, candidates={"file": "c.csv", "encoding": encoding.replace("cp950", "950")})
    assert not problems
    assert tables["candidates"].frame["name"].tolist() == texts


@pytest.mark.parametrize("encoding", ["iso2022_jp", "iso2022_kr", "hz"])
def test_encodings_of_seven_bits_do_not_pass_for_plain_text(encoding: str) -> None:
    texts = {"iso2022_jp": JAPANESE, "iso2022_kr": KOREAN, "hz": ["甲公司"]}[encoding]
    found = decoded(texts, encoding)
    assert found.text is None
    assert found.fault is not None
    assert found.fault.code == "T104"


@pytest.mark.parametrize("seed", sweep(range(200), first=10))
def test_places_of_the_country_in_gb18030_are_never_taken_for_another_encoding(seed: int) -> None:
    names = sorted(divisions())
    sample = random.Random(seed).sample(names, random.Random(seed).choice([4, 10, 40]))
    found = decoded([f"{name}经济开发区" for name in sample], "gb18030")
    assert (found.encoding, found.fault) == ("gb18030", None)


@pytest.mark.parametrize("seed", sweep(range(100), first=5))
@pytest.mark.parametrize(("encoding", "texts", "named"), CASES)
def test_a_few_rows_are_enough(seed: int, encoding: str, texts: list[str], named: str) -> None:
    fault = decoded(random.Random(seed).sample(texts, 4), encoding).fault
    assert fault is None or fault.code in ("T104", "T230")
    assert fault is not None or named == "euc-jp"  # names without kana may read as Chinese ones
