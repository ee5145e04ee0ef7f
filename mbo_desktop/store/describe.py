"""Chinese names for records and record types, for lists of what was kept or found."""

from __future__ import annotations

import re
import sqlite3

from mbo_desktop.domain.identity import RecordId

TYPE_LABELS = {
    "office": "本机关", "operator": "操作员", "unit": "单位", "post": "职务", "person": "人员",
    "tenure": "任职", "succession": "机构沿革", "year": "年度", "category": "类别战略",
    "indicator": "指标", "target": "目标值", "agreement": "责任书",
    "agreement_template": "责任书模板", "import_mapping": "导入列对应",
    "source": "会议文件", "source_item": "会议文件条目", "source_link": "目标来源",
    "number_series": "编号登记", "issued_number": "文号期号", "outside_figure": "外部数据",
    "target_result": "目标结果", "unit_result": "单位考核结果", "superior_result": "上级考核结果",
    "proposal_round": "轮次", "target_proposal": "建议值", "adjustment": "目标调整",
    "correction": "更正", "joint_duty": "共同承担", "allocation": "分解项",
    "progress_report": "进度", "evidence": "佐证材料", "progress_problem": "存在问题",
    "filing": "月报登记", "reporting_rules": "报送与亮灯规则", "progress_snapshot": "进度快照",
    "inspection": "督查", "finding": "督查发现", "docket": "督查事项", "work_calendar": "工作日历",
    "leader_attention": "领导过问", "accountability_case": "问责案件",
    "scheme": "考核办法", "given_score": "评定分", "bonus_item": "加减分", "veto": "一票否决",
    "objection": "申诉", "sealed_score": "考核结果", "circular": "通报文稿",
    "binding": "往来机关", "package_withdrawal": "撤回导入", "gap_dismissal": "不再催要", "hand_over": "交接登记",
    "reply": "答复", "purge": "清除记录",
    "account": "账户", "account_rules": "账户设置",
}

_QUERIES = {
    "target": (
        "SELECT coalesce(i.name, '') || '·' || coalesce(u.label, '') FROM target t "
        "LEFT JOIN indicator i ON i.record = t.indicator LEFT JOIN unit u ON u.record = t.unit "
        "WHERE t.record = ?"
    ),
    "agreement": (
        "SELECT a.year || '年度·' || coalesce(u.label, '') || coalesce(p.title, '') FROM agreement a "
        "LEFT JOIN unit u ON u.record = a.unit LEFT JOIN post p ON p.record = a.post "
        "WHERE a.record = ?"
    ),
    "post": (
        "SELECT coalesce(u.label, '') || p.title FROM post p "
        "LEFT JOIN unit u ON u.record = p.unit WHERE p.record = ?"
    ),
    "tenure": (
        "SELECT coalesce(q.name, '') || '·' || coalesce(p.title, '') FROM tenure t "
        "LEFT JOIN post p ON p.record = t.post LEFT JOIN person q ON q.record = t.person "
        "WHERE t.record = ?"
    ),
    "year": "SELECT number || '年度' FROM year WHERE record = ?",
    "succession": "SELECT basis FROM succession WHERE record = ?",
    "import_mapping": "SELECT sender FROM import_mapping WHERE record = ?",
    "source_item": "SELECT label || text FROM source_item WHERE record = ?",
    "source_link": "SELECT note FROM source_link WHERE record = ?",
    "number_series": "SELECT year || '年' || kind FROM number_series WHERE record = ?",
    "issued_number": "SELECT text FROM issued_number WHERE record = ?",
    "outside_figure": (
        "SELECT coalesce(i.name, '') || '·' || o.period FROM outside_figure o "
        "LEFT JOIN indicator i ON i.record = o.indicator WHERE o.record = ?"
    ),
    "target_result": (
        "SELECT coalesce(i.name, '') || '·' || coalesce(u.label, '') FROM target_result t "
        "LEFT JOIN indicator i ON i.record = t.indicator LEFT JOIN unit u ON u.record = t.unit "
        "WHERE t.record = ?"
    ),
    "unit_result": (
        "SELECT r.year || '年度·' || coalesce(u.label, '') FROM unit_result r "
        "LEFT JOIN unit u ON u.record = r.unit WHERE r.record = ?"
    ),
    "superior_result": "SELECT year || '年度' FROM superior_result WHERE record = ?",
    "proposal_round": "SELECT '第' || number || '轮' FROM proposal_round WHERE record = ?",
    "target_proposal": (
        "SELECT coalesce(i.name, '') || '·' || coalesce(u.label, '') FROM target_proposal t "
        "LEFT JOIN indicator i ON i.record = t.indicator LEFT JOIN unit u ON u.record = t.unit "
        "WHERE t.record = ?"
    ),
    "adjustment": (
        "SELECT coalesce(i.name, '') || '·' || coalesce(u.label, '') FROM adjustment t "
        "LEFT JOIN indicator i ON i.record = t.indicator LEFT JOIN unit u ON u.record = t.unit "
        "WHERE t.record = ?"
    ),
    "correction": (
        "SELECT coalesce(i.name, '') || '·' || coalesce(u.label, '') FROM correction t "
        "LEFT JOIN indicator i ON i.record = t.indicator LEFT JOIN unit u ON u.record = t.unit "
        "WHERE t.record = ?"
    ),
    "allocation": (
        "SELECT coalesce(nullif(a.title, ''), i.name, '') || '·' || coalesce(u.label, '') "
        "FROM allocation a LEFT JOIN target t ON t.record = a.in_target "
        "LEFT JOIN indicator i ON i.record = t.indicator LEFT JOIN unit u ON u.record = a.in_unit "
        "WHERE a.record = ?"
    ),
    "progress_report": "SELECT month || '月' FROM progress_report WHERE record = ?",
    "evidence": "SELECT title FROM evidence WHERE record = ?",
    "progress_problem": "SELECT text FROM progress_problem WHERE record = ?",
    "filing": (
        "SELECT f.year || '年' || f.month || '月·' || coalesce(u.label, '') FROM filing f "
        "LEFT JOIN unit u ON u.record = f.unit WHERE f.record = ?"
    ),
    "reporting_rules": "SELECT year || '年度' FROM reporting_rules WHERE record = ?",
    "progress_snapshot": (
        "SELECT s.year || '年' || s.month || '月·' || coalesce(u.label, '') "
        "FROM progress_snapshot s LEFT JOIN unit u ON u.record = s.unit WHERE s.record = ?"
    ),
    "inspection": "SELECT title FROM inspection WHERE record = ?",
    "finding": "SELECT text FROM finding WHERE record = ?",
    "docket": "SELECT title FROM docket WHERE record = ?",
    "work_calendar": "SELECT year || '年' FROM work_calendar WHERE record = ?",
    "leader_attention": "SELECT leader || '·' || matter FROM leader_attention WHERE record = ?",
    "accountability_case": "SELECT title FROM accountability_case WHERE record = ?",
    "scheme": "SELECT year || '年度·' || peer_group FROM scheme WHERE record = ?",
    "given_score": (
        "SELECT coalesce(u.label, '') || '·' || g.name FROM given_score g "
        "LEFT JOIN unit u ON u.record = g.unit WHERE g.record = ?"
    ),
    "circular": "SELECT title FROM circular WHERE record = ?",
    "package_withdrawal": "SELECT substr(package, 1, 8) FROM package_withdrawal WHERE record = ?",
    "gap_dismissal": "SELECT b.name FROM gap_dismissal g JOIN binding b ON b.office = g.office WHERE g.record = ?",
    "hand_over": "SELECT substr(package, 1, 8) FROM hand_over WHERE record = ?",
    "reply": "SELECT year || '年度' FROM reply WHERE record = ?",
    "account_rules": "SELECT CASE is_on WHEN 1 THEN '账户登录' ELSE '单人模式' END FROM account_rules WHERE record = ?",
    "purge": "SELECT '第' || record || '号' FROM purge WHERE record = ?",
    "bonus_item": "SELECT matter FROM bonus_item WHERE record = ?",
    "veto": "SELECT subject FROM veto WHERE record = ?",
    "objection": "SELECT year || '年度' FROM objection WHERE record = ?",
    "sealed_score": (
        "SELECT s.year || '年度·' || coalesce(u.label, '') FROM sealed_score s "
        "LEFT JOIN unit u ON u.record = s.unit WHERE s.record = ?"
    ),
    "joint_duty": (
        "SELECT coalesce(i.name, '') || '·' || coalesce(u.label, '') FROM joint_duty t "
        "LEFT JOIN indicator i ON i.record = t.indicator LEFT JOIN unit u ON u.record = t.unit "
        "WHERE t.record = ?"
    ),
}


_OF_ONE = re.compile(r"WHERE ((?:\w+\.)?record) = \?$")


def describe(connection: sqlite3.Connection, type_name: str | None, record: RecordId) -> str:
    """For example 单位「柯城区」; the type alone when the record has no name."""
    if type_name not in TYPE_LABELS:
        return f"编号{record}的记录"
    row = connection.execute(_query(type_name), (record,)).fetchone()
    label = TYPE_LABELS[type_name]
    return f"{label}「{row[0]}」" if row and row[0] else f"{label}(编号{record})"


def names_statement(type_name: str, count: int) -> str:
    """SQL with so many parameters (records of the type): record, name."""
    query = _query(type_name)
    found = _OF_ONE.search(query)
    if found is None:
        raise ValueError(f"names of {type_name} cannot be asked together")
    marks = ", ".join("?" * count)
    named = query[: found.start()].replace("SELECT ", f"SELECT {found[1]}, ", 1)
    return f"{named}WHERE {found[1]} IN ({marks})"


def _query(type_name: str) -> str:
    return _QUERIES.get(type_name, f"SELECT name FROM {type_name} WHERE record = ?")
