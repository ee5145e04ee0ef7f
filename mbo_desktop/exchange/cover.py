"""封面.html: what a package is, for eyes; printed on one A4 page and handed over with the stick.

No scripts, no links, nothing loaded. It is not signed (it names the package's own
hash), so the program never believes it; a reader only makes sure that it is harmless
and speaks of this package.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from html.parser import HTMLParser

from mbo_desktop.domain.exchange import Manifest, PackageKind
from mbo_desktop.exchange.signing import fingerprint
from mbo_desktop.exchange.text_rules import is_clean

_ATTRIBUTES = {"class", "lang", "charset", "http-equiv", "content", "colspan"}
_TAGS = {
    "html", "head", "meta", "title", "style", "body", "h1", "p", "table", "tr", "th", "td", "span",
}
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE = (
    "@page{size:A4;margin:18mm 20mm}"
    "body{font-family:'仿宋','FangSong','Noto Serif CJK SC',serif;font-size:11pt;max-width:170mm;margin:0 auto}"
    "h1{font-size:18pt;text-align:center;margin:2mm 0 4mm}p{margin:2mm 0}"
    "table{border-collapse:collapse;table-layout:fixed;width:100%;margin:3mm 0}"
    "td,th{border:0.3mm solid #000;padding:0.5mm 2mm;word-break:break-all;text-align:left;font-weight:normal;vertical-align:top}"
    "th{width:26mm;white-space:nowrap}.n{text-align:right;width:14mm}.c{font-size:10pt}"
    ".s td{height:9mm}"
)
_IN_A_ROW = 3
_ROWS = 14
_NOTE = 160
_MOST_TAGS = 2000


def render(
    manifest: Manifest, identity: str, counts: Sequence[tuple[str, int]], *, cleared: bool = True
) -> str:
    """The page of a package; the same for the same inputs.

    identity: `manifest.identity`; counts: record types in Chinese with their numbers;
    cleared: whether 非涉密 was confirmed when it was made.
    """
    sender = manifest.sender
    title = f"目标责任制管理系统 数据包({manifest.kind.label})"
    size = sum(one.size for one in manifest.blobs)
    files = f"{len(manifest.blobs)}个,共{size:,}字节" if manifest.blobs else "无"
    pairs = [
        ("发送单位", _who(sender.name, sender.code)),
        ("接收单位", _who(manifest.recipient_name, manifest.recipient_code)),
        ("种类", f"{manifest.year}年度 {manifest.kind.label}"), ("序号", f"第{manifest.seq}包"),
        ("制作时间", manifest.made_at.replace("T", " ")), ("经办人", manifest.made_by),
        ("记录", f"{manifest.count:,}条"), ("附件", files),
    ]
    lines = "".join(
        f"<tr>{_cell(*first)}{_cell(*second)}</tr>"
        for first, second in zip(pairs[::2], pairs[1::2], strict=True)
    )
    for head, text in (
        ("说明", _shortened(manifest.note)), ("发送单位指纹", fingerprint(sender.key)), ("本包校验值", identity),
    ):
        lines += f'<tr><th>{head}</th><td colspan="3">{escape(text) or "—"}</td></tr>'
    statement = (
        "本包内容经发送单位确认为非涉密信息。" if cleared
        else "本包尚未确认是否涉密,确认前不得送出。"
    )
    if manifest.kind is PackageKind.REPLICA:
        statement += "本包含未印发的内容,只在本机关内使用。"
    signatures = "".join(
        f"<tr><th>{head}</th><td></td><th>日期</th><td></td></tr>" for head in ("送出人", "携带人", "接收人")
    )
    return (
        f'<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>\n<body><h1>{escape(title)}</h1>\n"
        f"<table>{lines}</table>\n{_counted(counts)}<p>{statement}</p>\n"
        f'<table class="s">{signatures}</table>\n'
        '<p class="c">接收前请把“发送单位指纹”与发送单位当面或电话核对。本页供人阅读和交接登记,不作为数据依据。</p>\n'
        "</body></html>\n"
    )


def _who(name: str, code: str) -> str:
    return f"{name}({code})" if code else name


def _cell(head: str, text: str) -> str:
    return f"<th>{head}</th><td>{escape(text) or '—'}</td>"


def _shortened(note: str) -> str:
    text = " ".join(note.split())
    return text if len(text) <= _NOTE else f"{text[:_NOTE]}……(后面还有{len(text) - _NOTE}字,见程序中)"


def _counted(counts: Sequence[tuple[str, int]]) -> str:
    """A table of the numbers per type; what does not fit on the page is summed up and said."""
    shown = list(counts)
    most = _IN_A_ROW * _ROWS
    if len(shown) > most:
        rest = shown[most - 1 :]
        shown = [*shown[: most - 1], (f"其余{len(rest)}种", sum(number for _, number in rest))]
    rows = []
    for at in range(0, len(shown), _IN_A_ROW):
        cells = shown[at : at + _IN_A_ROW]
        row = "".join(f'<td>{escape(name)}</td><td class="n">{number:,}</td>' for name, number in cells)
        rows.append(f"<tr>{row}{'<td></td><td></td>' * (_IN_A_ROW - len(cells))}</tr>")
    return f'<table class="c">{"".join(rows)}</table>\n' if rows else ""


class _Harmless(HTMLParser):
    """Finds the first thing that has no place on a cover."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found = ""
        self._styles: list[str] = []
        self._is_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        names = [name for name, _ in attrs]
        if tag not in _TAGS or set(names) - _ATTRIBUTES:
            self.found = self.found or f"有不允许的内容<{tag[:20]}>"
        if tag == "meta" and dict(attrs).get("http-equiv") not in (None, "Content-Security-Policy"):
            self.found = self.found or "有不允许的内容<meta>"
        self._is_style = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        """An element ends."""
        self._is_style = False

    def handle_data(self, data: str) -> None:
        """Text; style rules may load things."""
        plain = data.lower()
        if self._is_style and ("url" in plain or "import" in plain or "\\" in plain):
            self.found = self.found or "样式中有外部引用"


def problem(text: str, identity: str) -> str:
    """Why a text is no cover of the package with this identity, "" when it may be."""
    if f">{identity}<" not in text:
        return "封面不是本包的"
    if f'content="{_POLICY}"' not in text[:400]:
        return "封面没有安全声明"
    body = text.removeprefix("<!DOCTYPE html>")
    # Told before it is parsed: the parser of older Pythons is slow with unfinished ones.
    if "<!" in body or "<?" in body or body.count("<") > _MOST_TAGS or not is_clean(text):
        return "有不允许的内容"
    reader = _Harmless()
    reader.feed(text)
    reader.close()
    return reader.found
