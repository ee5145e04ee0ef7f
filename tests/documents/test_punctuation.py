"""Chinese punctuation on paper: words get full-width marks, figures and calculations keep theirs."""

from __future__ import annotations

import pytest

from mbo_desktop.documents.punctuation import printed


@pytest.mark.parametrize(("text", "paper"), [
    ("另有3项尚未认定,未计入。", "另有3项尚未认定，未计入。"),
    ("(130−100)÷100×100=30%,每超1%加0.5分共15分,封顶10分;得30.00分。", "(130−100)÷100×100=30%，每超1%加0.5分共15分，封顶10分；得30.00分。"),
    ("实绩1,234.5亿元(年终结果)", "实绩1,234.5亿元（年终结果）"),
    ("275.7(按2026-05-20调高(澄政〔2026〕12号))", "275.7（按2026-05-20调高（澄政〔2026〕12号））"),
    ("93.27分×10%((160×100+30×70)÷196张有效票=93.2653(另有4票不计))", "93.27分×10%（(160×100+30×70)÷196张有效票=93.2653（另有4票不计））"),
    ("位次:县区12个单位中第4位,上年第3位", "位次：县区12个单位中第4位，上年第3位"),
    ("50÷50=100%,50×100%=50;得50.00分。", "50÷50=100%，50×100%=50；得50.00分。"),
    ("得2.20分。", "得2.20分。"), ("12:30", "12:30"), ("", ""), ("(没有合上", "(没有合上"),
])
def test_marks_beside_words_become_full_width(text: str, paper: str) -> None:
    """Figures, times and pure calculations stay."""
    assert printed(text) == paper
    assert printed(paper) == paper
