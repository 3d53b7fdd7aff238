"""Reports and the page for the chief: what they say is the plan's, read back from the files; risks are ordered by their stated rule."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pptx
import pytest

from planner import api
from planner.plan.model import Plan, Signature
from planner.publish.codes import problem
from planner.publish.documents.files import file_name
from planner.publish.documents.model import Document, Facts, Table, value_of
from planner.publish.documents.slides import write_pptx
from planner.publish.documents.typeset import Typesetter
from planner.publish.documents.word import write_docx
from planner.publish.reports.chain import analysis_report, targets_report
from planner.publish.reports.chief import chief_page, chief_slides
from planner.publish.reports.head import decision
from planner.publish.reports.money import Money
from planner.publish.reports.quarterly import plan_report
from planner.publish.reports.risks import risks_of
from planner.publish.view import View
from planner.questions.commands import BAD_INPUT, BUG, DONE, left_out
from planner.questions.keeping import republish
from tests.city import PLAN
from tests.document_files import MORE, docx_text, pdf_text, squeezed, viewed
from tests.example_plan import example_plan
from tests.quick import finished


def changed_kpis(plan: Plan, **more: Any) -> Plan:
    return plan.model_copy(update={"kpis": plan.kpis.model_copy(update=more)})


def reports(view: View) -> list[Document]:
    each = [chief_page(view, MORE), plan_report(view, MORE)]
    return [*each, *(report(view, chain) for chain in view.plan.chains for report in (targets_report, analysis_report))]


def figures_of(document: Document) -> dict[str, str]:
    """Label → value of all tiles."""
    blocks = [block for section in document.sections for block in section.blocks if isinstance(block, Facts) and block.tiles]
    return {fact.label: value_of(fact.value).marked for block in blocks for fact in block.facts}


def test_the_five_figures_are_the_plans() -> None:
    figures = figures_of(chief_page(viewed(example_plan()), MORE))
    assert figures == {
        "入选项目（个）": "3",
        "计划投资（亿元）": "9.2*",
        "环节缺口（亿元）": "16 → 7.4*",
        "产业链完整度": "16.7% → 60.2%*",
        "预期年税收（亿元）": "0.505",
    }


@pytest.mark.parametrize("language", ["zh", pytest.param("en", marks=pytest.mark.slow)])
def test_each_report_says_in_both_files_what_its_content_says(language: Any) -> None:
    with Typesetter() as typesetter:
        for document in reports(viewed(example_plan(language))):
            in_pdf, in_docx = pdf_text(typesetter.pdf(document).pdf), docx_text(write_docx(document, typesetter))
            tables = [block for section in document.sections for block in section.blocks if isinstance(block, Table)]
            texts = [value_of(cell).marked for table in tables for row in table.rows for cell in row]
            cells, whole = list(map(squeezed, texts)), [text for text in texts if len(text) < 9 and " " not in text]
            figures = [squeezed(value) for value in figures_of(document).values()]
            assert figures
            assert [text for text in (*figures, *cells) if text not in in_docx] == []
            assert [text for text in (*figures, *whole) if text not in in_pdf] == [], f"{document.title}: longer ones wrap"


def test_the_figures_of_every_firm_in_the_files_are_those_of_the_plan() -> None:
    """Read back from the files and held against plan.json, not against the content that both were made from."""
    plan = example_plan()
    view = viewed(plan)
    with Typesetter() as typesetter:
        page = docx.Document(io.BytesIO(write_docx(plan_report(view, MORE), typesetter)))
        slides = pptx.Presentation(io.BytesIO(write_pptx(chief_slides(view, MORE), typesetter)))
    grids = [[[cell.text for cell in row.cells] for row in table.rows] for table in page.tables]
    shown = [
        [[cell.text for cell in row.cells] for row in shape.table.rows]
        for slide in slides.slides
        for shape in slide.shapes
        if shape.has_table
    ]

    def number(text: str) -> float | None:
        bare = text.replace(",", "").rstrip("*")
        return None if bare == "—" else float(bare.rstrip("%")) / (100 if bare.endswith("%") else 1)

    for tables in (grids, shown):
        for firm in plan.selected:
            rows = [row for table in tables if table[0][0] == "排名" for row in table if row[1] == firm.name]
            assert len(rows) == 1
            rank, _, link, park, quarter, investment, subsidy, chance = rows[0]
            assert (int(rank), link, park, quarter) == (firm.rank, firm.link_name or "—", firm.park_name, firm.quarter)
            assert [number(text) for text in (investment, subsidy)] == [firm.investment, firm.subsidy]
            assert number(chance) == pytest.approx(firm.landing_probability, abs=0.0006)
        chains = {row[0]: row for table in tables if table[0][0] == "产业链" for row in table}
        for chain in plan.chains:
            row = chains[chain.name]
            assert [number(text) for text in row[4:8]] == [
                chain.shortage_before,
                chain.shortage_after,
                chain.selected,
                chain.investment,
            ]


def test_the_page_of_the_chief_is_one_page_with_the_words_it_is_to_have() -> None:
    with Typesetter() as typesetter:
        made = typesetter.pdf(chief_page(viewed(example_plan()), MORE))
    assert made.pages == 1
    text = pdf_text(made.pdf)
    for wanted in (
        "请示事项",
        "什么卡住了计划",
        "证明了什么",
        "三大风险",
        "落位图",
        "再加钱买到什么",
        "每季多1,000万元",
        "差距0.42%",
        "草案",
    ):
        assert wanted in text, wanted
    assert "最优”是" not in text


def test_without_a_solved_answer_the_page_says_so_and_names_the_command() -> None:
    (section,) = [one for one in chief_page(viewed(example_plan()), Money()).sections if one.key == "money"]
    (note,) = section.blocks
    assert "planner sensitivity" in value_of(note.value).text  # type: ignore[union-attr]


def test_a_plan_that_nobody_should_decide_by_asks_for_no_decision() -> None:
    plan = example_plan()
    unproved = plan.model_copy(update={"objective": plan.objective.model_copy(update={"gap": None, "bound": None})})
    said = decision(viewed(unproved))
    assert "不提请决策" in said
    assert "请审定" not in said
    assert "请审定" in decision(viewed(plan))


def test_an_approved_plan_is_not_asked_for_again() -> None:
    import datetime as dt

    plan = example_plan()
    signed = Signature(plan=plan.seal, state="approved", by="王市长", on=dt.date(2027, 1, 4), written=dt.datetime(2027, 1, 4, 9))
    said = decision(viewed(plan, signatures=(signed,)).__class__(plan.model_copy(update={"signatures": (signed,)}), "zh"))
    assert said.startswith("已批准：王市长")
    assert "请审定" not in said


def test_risks_are_the_plans_own_facts_the_largest_share_first() -> None:
    view = viewed(example_plan())
    risks = {risk.kind: risk.share for risk in risks_of(view)}
    assert list(risks.values()) == sorted(risks.values(), reverse=True)
    assert risks["landing"] == pytest.approx(1 - 96_500 / 135_000)
    assert risks["shortage"] == pytest.approx(74_000 / 206_000)
    assert risks["sources"] == pytest.approx(2 / 4), "of five links one has no demand"
    assert risks["proof"] == pytest.approx(0.00412)
    plan = view.plan
    assert risks["rules"] == pytest.approx(1 / len(plan.rules))
    (soft,) = [risk.text.zh for risk in risks_of(view) if risk.kind == "rules"]
    assert "单链用地上限" in soft
    assert "超出" in soft
    assert "later" not in risks, "nothing falls due later"


@pytest.mark.parametrize(
    ("change", "kind", "share"),
    [
        ({"subsidy_after_horizon": 900.0}, "later", 0.2),
        ({"expected_output": 135_000.0}, "landing", None),
        ({"output": None}, "landing", None),
        ({"investment": None}, "largest", None),
    ],
)
def test_a_risk_is_there_when_its_fact_is_and_not_where_it_is_unknown(
    change: dict[str, Any], kind: str, share: float | None
) -> None:
    risks = {risk.kind: risk.share for risk in risks_of(viewed(changed_kpis(example_plan(), **change)))}
    assert risks.get(kind) == (None if share is None else pytest.approx(share))


def test_a_proved_plan_has_no_risk_of_proof_and_an_unbounded_one_the_largest() -> None:
    plan = example_plan()
    proved = plan.model_copy(
        update={
            "status": plan.status.model_copy(update={"proved": True}),
            "objective": plan.objective.model_copy(update={"gap": 0.0}),
        }
    )
    assert "proof" not in {risk.kind for risk in risks_of(viewed(proved))}
    unbounded = plan.model_copy(update={"objective": plan.objective.model_copy(update={"gap": None, "bound": None})})
    assert {risk.kind: risk.share for risk in risks_of(viewed(unbounded))}["proof"] == 1.0


def test_a_sum_of_which_a_part_is_not_known_is_not_told() -> None:
    plan = example_plan()
    firms = (plan.selected[0].model_copy(update={"investment": None}), *plan.selected[1:])
    report = plan_report(viewed(plan, selected=firms), MORE)
    (quarters,) = [section for section in report.sections if section.key == "quarters"]
    table = next(block for block in quarters.blocks if isinstance(block, Table))
    assert value_of(table.rows[-1][2]).text == "—"
    assert value_of(table.rows[-1][1]).text == "3"


@pytest.mark.slow
def test_reports_of_a_run_are_written_in_one_command_and_alike_each_time(tiny_copy: Path) -> None:
    run = tiny_copy / "run"
    plan = api.read_plan(run / "plan.json")
    _, _, failed = republish(run, ["brief", "report"])
    assert failed == ()
    first = {path.relative_to(run): path.read_bytes() for name in ("brief", "reports") for path in (run / name).iterdir()}
    assert len([name for name in first if name.parts[0] == "reports"]) == 2 * (1 + 2 * len(plan.chains))
    republish(run, ["brief", "report"])
    assert first == {path.relative_to(run): path.read_bytes() for name in ("brief", "reports") for path in (run / name).iterdir()}
    page = docx.Document(io.BytesIO(first[Path("brief/brief.docx")]))
    assert f"{plan.kpis.selected} 个项目" in " ".join(paragraph.text for paragraph in page.paragraphs)


def test_a_name_that_cannot_be_printed_is_told_and_leaves_the_other_outputs(
    tiny_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from planner.publish.reports import chief

    page = chief.chief_page
    monkeypatch.setattr("planner.publish.brief.chief_page", lambda view, money: replace(page(view, money), subtitle="城\U0001f600"))
    _, files, failed = republish(tiny_copy / "run", ["brief", "map"])
    assert [path.name for path in files] == ["map.html"]
    assert [problem.code for problem in failed] == ["D101", "R118"]
    assert "U+1F600" in failed[0].say("zh")
    assert left_out(failed) == BAD_INPUT, "the input has to be put right"
    assert left_out([*failed, problem("R118", None, "", "KeyError: 'x'", rule="")]) == BUG
    assert left_out([]) == DONE


@pytest.mark.slow
def test_what_more_money_buys_is_said_as_it_was_solved(tiny_copy: Path) -> None:
    run = tiny_copy / "run"
    republish(run, ["brief"])
    assert "plannersensitivity" in docx_text((run / "brief" / "brief.docx").read_bytes())
    answer = api.sensitivity(api.open_run(run), time_limit=30)
    page = docx_text((run / "brief" / "brief.docx").read_bytes())
    best = answer.additions[0]
    assert best.worth == 100
    assert "目标值+100（已证明）" in page
    assert f"“{best.name}”加{best.step:g}" in page
    assert "plannersensitivity" not in page, "the page was made again when there was an answer"


def test_a_plan_of_nothing_has_its_page_and_report() -> None:
    plan = example_plan()
    nothing = dict.fromkeys(("investment", "output", "tax", "expected_output", "expected_tax", "subsidy"), 0.0)
    empty = changed_kpis(plan.model_copy(update={"selected": ()}), selected=0, parks_used=0, **nothing)
    view = viewed(empty)
    with Typesetter() as typesetter:
        for document in (chief_page(view, Money()), plan_report(view, Money()), targets_report(view, plan.chains[0])):
            typesetter.pdf(document)
    assert "空计划" in decision(view)
    assert {risk.kind for risk in risks_of(view)}.isdisjoint({"landing", "largest", "later", "assumptions"})


def test_money_is_told_in_the_unit_that_the_plan_asks_for() -> None:
    plan = example_plan()
    settings = {**plan.plan.settings, "display": {"money": "万元"}}
    figures = figures_of(
        chief_page(viewed(plan.model_copy(update={"plan": plan.plan.model_copy(update={"settings": settings})})), MORE)
    )
    assert figures["计划投资（万元）"] == "92,000*"
    assert figures["环节缺口（万元）"] == "160,000 → 74,000*"
    english = figures_of(chief_page(viewed(example_plan("en")), MORE))
    assert english["Investment (CNY bn)"] == "0.92*"


def test_a_plan_without_links_says_no_shortage_of_them_and_never_that_it_is_nothing() -> None:
    plan = example_plan().model_copy(update={"links": ()})
    kpis = plan.kpis.model_copy(update={"shortage_before": 0.0, "shortage_after": 0.0})
    page = chief_page(viewed(plan.model_copy(update={"kpis": kpis})), MORE)
    facts = [fact for block in page.sections for part in block.blocks if isinstance(part, Facts) for fact in part.facts]
    (gap,) = [fact for fact in facts if fact.label.startswith("环节缺口")]
    assert (value_of(gap.value).text, gap.note) == ("—", "")
    assert not [fact for fact in facts if "0 → 0" in fact.note]


def test_a_bureaus_own_templates_are_found_from_the_run(tmp_path: Path) -> None:
    run = finished(tmp_path / "city", PLAN + "publish: {outputs: [], templates: own}\n")
    own = tmp_path / "city" / "own"
    own.mkdir()
    (own / "style.yaml").write_text("footer: {zh: 某市招商局}\n", encoding="utf-8")
    republish(run, ["brief"])
    assert "某市招商局" in pdf_text((run / "brief" / "brief.pdf").read_bytes())
    (own / "style.yaml").write_text("footer: {zh: 1}\n", encoding="utf-8")
    _, _, failed = republish(run, ["brief"])
    assert [problem.code for problem in failed] == ["D104", "R118"]


def test_a_plan_of_a_scenario_says_so() -> None:
    plan = example_plan()
    scenario = plan.model_copy(update={"plan": plan.plan.model_copy(update={"scenario": "土地减半"})})
    assert "情景：土地减半" in chief_page(viewed(scenario), MORE).subtitle


def test_names_of_files_are_safe_and_differ() -> None:
    assert file_name("a/../b") == "a_b"
    assert file_name("con") == "con_"
    assert file_name("../..") == "_"
    assert file_name("链 A", ["链_a"]) == "链_A-2"
    assert len(file_name("长" * 300)) == 40
