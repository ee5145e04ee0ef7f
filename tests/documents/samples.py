"""Agreements and tables as the tests print them, and ways to read what was printed."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import docx
import openpyxl
from docx.document import Document as WordFile

from mbo_desktop.documents.agreement import AgreementPaper, PaperClause, PaperRow
from mbo_desktop.documents.allotment import AllotmentPaper, AllotmentRow
from mbo_desktop.documents.font_files import bundled_fonts
from mbo_desktop.documents.model import (
    Cell,
    Document,
    Heading,
    Paragraph,
    RenderResult,
    Row,
    SignatureBlock,
    Table,
    Title,
)
from mbo_desktop.documents.pages import Pages
from mbo_desktop.documents.pdf import render_pdf
from mbo_desktop.documents.word import render_docx

DATA = Path(__file__).parents[1] / "data"

CLAUSES = (
    PaperClause(
        "目标任务",
        (
            "（一）全面完成本责任书附件所列{目标项数}项目标任务，总分值{分值合计}分。附件与本责任书具有同等效力。",
            "（二）主要经济指标以统计部门核定数据为准；其他指标以考核部门认定数据为准。",
        ),
    ),
    PaperClause(
        "乙方责任",
        (
            "（一）加强组织领导。乙方主要负责人为目标管理第一责任人，对完成本责任书所列目标任务负总责；"
            "分管负责人按照分工负责，责任到人，任务到岗。",
            "（二）分解落实任务。乙方应于本责任书签订后20日内，将各项目标任务逐项分解到责任单位、责任人和经办人，"
            "明确完成时限（具体到月），并报甲方目标管理办公室备案。",
            "（三）按时报告进度",
            "乙方应当每月5日前报送上月目标完成情况，7月10日前报送上半年自查报告，次年1月10日前报送全年自查报告。"
            "数据应当真实、准确、完整，不得虚报、瞒报、漏报。",
        ),
    ),
    PaperClause(
        "甲方责任",
        (
            "（一）按照“谁主管、谁负责”的原则，协调解决乙方在完成目标任务过程中遇到的重大困难和问题。",
            "（二）组织月检查、季分析、半年初评和年终考核，采取明查与暗访、定期与不定期相结合的方式"
            "（现场查验不少于2次），及时通报检查结果。",
        ),
    ),
    PaperClause(
        "考核与奖惩",
        (
            "年终由甲方组织考核，考核结果作为评先评优的重要依据。完成和超额完成目标任务的，予以通报表彰；"
            "未完成目标任务的，予以通报批评；发生《安全生产法》规定的重大责任事故的，实行“一票否决”。",
        ),
    ),
    PaperClause(
        "附则",
        (
            "乙方主要负责人职务发生变动的，由继任者继续履行本责任书。",
            "本责任书自双方签字盖章之日起生效，有效期至{年度}年12月31日。",
        ),
    ),
)


def fengtai() -> AgreementPaper:
    """The agreement of 凤台县 2006 from the real list of targets."""
    rows = []
    for line in (DATA / "责任目标-凤台县-2006.txt").read_text("utf-8").splitlines():
        found = re.match(r"(\d+)\.(.+?)\(分值:(\d+)分\)", line)
        if found:
            number, text, points = found.groups()
            rows.append(PaperRow(number, "", text, target="按要求完成", points=points))
    return AgreementPaper(
        title="{乙方}{年度}年度目标管理责任书",
        year=2006,
        issuer="淮南市人民政府",
        party="凤台县人民政府",
        preamble=("根据《关于下达{年度}年县区政府主要工作考核目标的通知》（淮府〔2006〕12号），签订本责任书。",),
        clauses=CLAUSES,
        rows=tuple(rows),
        total_points="80",
        annex_title="{乙方}{年度}年主要工作考核目标",
    )


_CATEGORIES = ["主要综合目标"] * 12 + ["工业经济"] * 10 + ["新农村建设"] * 8 + ["安全生产"] * 10
_NAMES = (
    "地区生产总值",
    "规模以上工业增加值",
    "全社会固定资产投资（县属）",
    "近期建设用地范围内控制性详细规划编制率（含省级中心镇、一般建制镇及县城规划区内的全部行政村）",
    "万元GDP能耗降低率",
    "二氧化硫（SO₂）排放总量",
)
_TARGETS = ("1,234.5", "各建制镇", "/", "新增175户、其中实物配租85户，租赁补贴90户", "≥95", "7‰以内")


def forty_rows() -> AgreementPaper:
    """An agreement with an annex of 40 rows of every kind, and rare characters in its names."""
    rows = tuple(
        PaperRow(
            str(i + 1),
            category,
            _NAMES[i % len(_NAMES)],
            ("亿元", "%", "μg/m³")[i % 3],
            f"{i * 7.5:.1f}",
            _TARGETS[i % len(_TARGETS)],
            "" if i % 2 else f"{i + 90}",
            "2.5",
            "完成得基本分；每增加1%加1分，最高加2分；每少1%扣1分，扣完为止",
            "市生态环境局、市住房和城乡建设局" if i % 4 == 0 else "市统计局",
        )
        for i, category in enumerate(_CATEGORIES)
    )
    return AgreementPaper(
        title="{年度}年度国民经济和社会发展目标管理责任书",
        year=2020,
        number="平政目〔2020〕17号",
        issuer="平州市人民政府",
        party="㛃山䶮湖生态文化旅游经济示范区管理委员会",
        preamble=("为全面落实2020年市《政府工作报告》部署，现就乙方2020年度目标任务签订如下责任书。",),
        clauses=CLAUSES,
        rows=rows,
        total_points="100",
        issuer_signatory="䶮喆",
        party_signatory="堃祎玥㛃",
        copies=("甲方", "乙方", "市目标管理办公室"),
        annex_notes=("注：“/”表示不适用。",),
    )


def six_counties() -> AllotmentPaper:
    """The real table of six counties and eight indicators."""
    sheet = openpyxl.load_workbook(DATA / "考核目标-六县市区-建设工作.xlsx").active
    rows = list(sheet.iter_rows(values_only=True))
    return AllotmentPaper(
        title=rows[0][0],
        units=tuple(rows[2][2:8]),
        rows=tuple(
            AllotmentRow(
                str(row[0]), "", row[1], "", str(row[8]), tuple(map(str, row[2:8])), row[9]
            )
            for row in rows[3:]
        ),
        office="市目标管理办公室",
        total_points="50",
    )


def printed(document: Document) -> tuple[list[str], RenderResult]:
    """The text of each page of the PDF, made with the bundled fonts."""
    buffer = BytesIO()
    result = render_pdf(document, buffer, bundled_fonts())
    with Pages(buffer.getvalue()) as pages:
        return [pages.text(i) for i in range(len(pages))], result


def written(document: Document) -> WordFile:
    """The document as Word, opened again."""
    buffer = BytesIO()
    render_docx(document, buffer)
    buffer.seek(0)
    return docx.Document(buffer)


def plain(text: str) -> str:
    """The text without spaces and line ends, which layout may add."""
    return re.sub(r"\s", "", text)


def whole(pages: list[str]) -> str:
    """The text of all pages without spaces and without official page numbers."""
    return "".join(re.sub(r"—\d+—$", "", plain(page)) for page in pages)


def block_texts(document: Document) -> list[str]:
    """Every text of the document in order, once."""
    texts: list[str] = []
    for block in document.blocks:
        if isinstance(block, Title | Heading | Paragraph):
            texts.append(block.text)
        elif isinstance(block, Table):
            texts.extend(cell.text for row in (*block.head, *block.rows) for cell in row.cells)
        elif isinstance(block, SignatureBlock):
            texts.extend((*block.left.lines, *block.right.lines))
    return [plain(text) for text in texts if plain(text)]


def table_of(count: int, *, text: str = "指标", **options: object) -> Table:
    """A table of two columns and `count` rows."""
    from mbo_desktop.documents.model import Column

    rows = tuple(Row((Cell(str(i + 1)), Cell(f"{text}{i + 1}号"))) for i in range(count))
    head = (Row((Cell("序号"), Cell("名称"))),)
    return Table((Column(), Column()), head, rows, **options)  # type: ignore[arg-type]
