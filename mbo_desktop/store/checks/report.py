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


class Repair(Choice):
    """What the program can do about a finding without losing anything."""

    NONE = "", "不能自动处理"
    REBUILD = "rebuild", "由修改历史重建列表"
    REINDEX = "reindex", "重建索引"
    RECOVER = "recover", "从备份和收到的数据包补回"
    ATTACHMENT = "attachment", "从备份补回附件"
    ASIDE = "aside", "移到“待查文件”"
    REMOVE_PURGED = "remove_purged", "删除已清除内容的残留"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be."""

    severity: Severity
    what: str
    where: str
    todo: str
    kind: str = ""
    """Findings of one kind are counted together."""
    repair: Repair = Repair.NONE
    subject: str = ""
    """What the repair needs to know: a file's name, a hash."""


@dataclass(frozen=True, slots=True)
class Report:
    """All findings, the worst first, and how many things were looked at."""

    findings: tuple[Finding, ...]
    counts: dict[str, int]
    """By Chinese name: 记录, 修改历史, 日志, 附件 …"""
    unlisted: tuple[Finding, ...] = ()
    """Findings beyond what is listed of their kind."""

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
    unlisted: list[Finding] = field(default_factory=list)
    """Those beyond what is listed, for the repairs."""

    def add(
        self, severity: Severity, kind: str, what: str, where: str, todo: str, *,
        repair: Repair = Repair.NONE, subject: str = "",
    ) -> None:
        """Note a finding; kind groups those that are counted together."""
        self._kinds[kind] += 1
        finding = Finding(severity, what, where, todo, kind, repair, subject)
        if self._kinds[kind] <= SHOWN_PER_KIND:
            self.findings.append(finding)
        else:
            self._samples[kind] = finding
            self.unlisted.append(finding)

    def report(self) -> Report:
        """Everything found, the worst first; what was too much to list is said."""
        rest = [
            Finding(
                one.severity, f"同类问题另有{self._kinds[kind] - SHOWN_PER_KIND}处,未逐一列出。",
                one.where, one.todo, kind, one.repair,
            )
            for kind, one in self._samples.items()
        ]
        order = list(Severity)
        findings = sorted([*self.findings, *rest], key=lambda one: order.index(one.severity))
        return Report(tuple(findings), dict(self.counts), tuple(self.unlisted))
