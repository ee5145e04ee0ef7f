"""Joint targets: lead and supporting units, their answers, and both agreements."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from mbo_desktop.domain.identity import RecordId
from mbo_desktop.domain.joint import Consent
from mbo_desktop.errors import InputError, NotAllowedError
from mbo_desktop.services import (
    adjustments,
    agreements,
    joint_targets,
    planning_edits,
    planning_framework,
    signing,
)
from mbo_desktop.services.adjustments import AdjustmentInput, Approval
from mbo_desktop.services.annex import annex_rows
from mbo_desktop.services.target_cells import TargetField
from tests.services.conftest import YEAR, Office


class Joint:
    """重点项目 led by 柯城区; 江山市 has a target of its own, 市交委 none."""

    def __init__(self, office: Office) -> None:
        self.store, self.units = office.store, office.units
        self.row = planning_framework.add_indicator(
            self.store, YEAR, "重点项目(个)", points=Decimal(10)
        )
        self.own = planning_framework.add_indicator(self.store, YEAR, "工业投资(亿元)")
        for row, unit, text in ((self.row, "柯城区", "12"), (self.own, "江山市", "30")):
            planning_edits.set_cell(self.store, row, self.units[unit], TargetField.VALUE, text)

    def support(self, *names: str, **more: object) -> tuple[RecordId, ...]:
        return joint_targets.add_support(
            self.store, self.row, self.units["柯城区"], [self.units[name] for name in names], **more  # type: ignore[arg-type]
        )

    def rows(self, unit: str) -> list[tuple[str, str, str, str]]:
        return [
            (row.indicator, row.target, "" if row.points is None else str(row.points), row.note)
            for row in annex_rows(self.store, YEAR, self.units[unit])
        ]


@pytest.fixture
def joint(office: Office) -> Joint:
    return Joint(office)


def test_both_agreements_show_the_joint_target(joint: Joint) -> None:
    joint.support("江山市", "市交委", duty="道路建设", share=Decimal(20))
    assert joint.rows("柯城区") == [(
        "重点项目", "12", "10", "配合单位:江山市(道路建设,份额20%)、市交委(道路建设,份额20%)",
    )]
    assert joint.rows("江山市") == [
        ("重点项目", "12", "", "共同目标,牵头单位:柯城区;职责:道路建设;份额20%"),
        ("工业投资", "30", "", ""),
    ]
    assert len(agreements.make_agreements(joint.store, YEAR).made) == 3, "市交委 gets one too"
    found = joint_targets.joint_target(joint.store, joint.row, joint.units["柯城区"])
    assert (found.target, found.lead_share) == ("12", Decimal(60))
    assert found.warnings == ("江山市尚未答复", "市交委尚未答复")


def test_a_refusal_says_why_and_stays_off_the_paper(joint: Joint) -> None:
    first, second = joint.support("江山市", "市交委")
    with pytest.raises(InputError, match="理由"):
        joint_targets.answer(joint.store, first, Consent.REFUSED)
    joint_targets.answer(joint.store, first, Consent.REFUSED, reason="不属本辖区")
    joint_targets.answer(joint.store, second, Consent.GIVEN, on=date(YEAR, 2, 20))
    assert joint.rows("江山市") == [("工业投资", "30", "", "")]
    assert joint.rows("柯城区")[0][3] == "配合单位:市交委"
    (found,) = joint_targets.joint_targets(joint.store, YEAR, unit=joint.units["江山市"])
    assert "江山市不同意:不属本辖区" in found.warnings
    assert [part.consent for part in found.parts] == [Consent.REFUSED, Consent.GIVEN]


def test_a_changed_duty_asks_again(joint: Joint) -> None:
    (part,) = joint.support("市交委", duty="道路")
    joint_targets.answer(joint.store, part, Consent.GIVEN)
    joint_targets.set_support(joint.store, part, duty="道路和桥梁")
    (found,) = joint_targets.joint_targets(joint.store, YEAR)
    assert (found.parts[0].consent, found.parts[0].consent_on) == (Consent.OPEN, None)


def test_shares_order_and_what_is_refused(joint: Joint) -> None:
    first, second = joint.support("江山市", "市交委", share=Decimal(40))
    with pytest.raises(InputError, match="合计120%"):
        joint_targets.set_support(joint.store, second, share=Decimal(80))
    joint_targets.set_support(joint.store, second, share=None)
    assert joint_targets.move_support(joint.store, second, -1)
    assert not joint_targets.move_support(joint.store, second, -1)
    (found,) = joint_targets.joint_targets(joint.store, YEAR)
    assert [part.unit_name for part in found.parts] == ["市交委", "江山市"]
    assert found.lead_share == Decimal(60)
    with pytest.raises(InputError, match="牵头单位不能"):
        joint.support("柯城区")
    with pytest.raises(NotAllowedError, match="没有“工业投资”这项目标"):
        joint_targets.add_support(
            joint.store, joint.own, joint.units["柯城区"], [joint.units["市交委"]]
        )
    joint_targets.remove_support(joint.store, first)
    assert len(joint_targets.joint_targets(joint.store, YEAR)[0].parts) == 1


def test_after_signing_it_stands_and_an_adjustment_of_the_lead_shows_with_both(joint: Joint) -> None:
    store = joint.store
    (part,) = joint.support("江山市")
    made = agreements.make_agreements(store, YEAR).made
    said = signing.sign_at_meeting(store, YEAR, on=date(YEAR, 3, 1), agreements=made)
    assert "江山市人民政府:共同目标“重点项目”的配合单位江山市尚未答复" in said.warnings
    with pytest.raises(NotAllowedError, match="责任书已签订"):
        joint_targets.remove_support(store, part)
    assert set(agreements.differing(store, made)) == set()
    asked = AdjustmentInput(
        joint.row, joint.units["柯城区"], adjustments.AdjustmentKind.RAISE, "15", reason="加压"
    )
    done = adjustments.decide_by_issuer(store, [asked], Approval(date(YEAR, 5, 20), "常务会议")).done
    assert len(done) == 1
    assert len(agreements.differing(store, made)) == 2
    supporting = agreements.agreement_of(store, YEAR, joint.units["江山市"])
    assert supporting is not None
    (found,) = agreements.details(store, supporting).differences
    assert found.sentence == "重点项目 目标值:12 → 15(2020-05-20调高(常务会议))"
