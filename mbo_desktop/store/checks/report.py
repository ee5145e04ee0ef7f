"""What a data check found, in plain Chinese with what to do."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from mbo_desktop.domain.identity import Choice

SHOWN_PER_KIND = 100
"""More findings of one kind than this are counted, not listed."""


class Severity(Choice):
    """How bad a finding is."""

    DAMAGE = "damage", "损坏"
    WARNING = "warning", "需处理"
    NOTE = "note", "提示"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be."""

    severity: Severity
    what: str
    where: str
    todo: str


@dataclass(frozen=True, slots=True)
class Report:
    """All findings, the worst first, and how many things were looked at."""

    findings: tuple[Finding, ...]
    counts: dict[str, int]
    """By Chinese name: 记录, 修改历史, 日志, 附件 …"""

    @property
    def damage(self) -> tuple[Finding, ...]:
        """The findings that mean damaged data."""
        return tuple(one for one in self.findings if one.severity is Severity.DAMAGE)

    @property
    def is_clean(self) -> bool:
        """Whether nothing but notes was found."""
        return all(one.severity is Severity.NOTE for one in self.findings)


@dataclass(slots=True)
class Collector:
    """Gathers findings while a check runs."""

    findings: list[Finding] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    _kinds: Counter[str] = field(default_factory=Counter)
    _samples: dict[str, Finding] = field(default_factory=dict)

    def add(self, severity: Severity, kind: str, what: str, where: str, todo: str) -> None:
        """Note a finding; kind groups those that are counted together."""
        self._kinds[kind] += 1
        finding = Finding(severity, what, where, todo)
        if self._kinds[kind] <= SHOWN_PER_KIND:
            self.findings.append(finding)
        else:
            self._samples[kind] = finding

    def report(self) -> Report:
        """Everything found, the worst first; what was too much to list is said."""
        rest = [
            Finding(
                one.severity, f"同类问题另有{self._kinds[kind] - SHOWN_PER_KIND}处,未逐一列出。",
                one.where, one.todo,
            )
            for kind, one in self._samples.items()
        ]
        order = list(Severity)
        findings = sorted([*self.findings, *rest], key=lambda one: order.index(one.severity))
        return Report(tuple(findings), dict(self.counts))
