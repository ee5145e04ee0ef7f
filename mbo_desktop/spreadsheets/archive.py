"""Opening the zipped XML files of Office safely: no bombs, no document type definitions."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Self

from mbo_desktop.errors import FileReadError

TOTAL_LIMIT = 1024 * 1024 * 1024
"""Bytes all parts together may inflate to."""
RATIO_LIMIT = 150
"""Inflated to packed; an honest sheet of repeated cells stays below 100."""
RATIO_FREE = 64 * 1024 * 1024
"""Below this size the ratio does not matter."""


class Archive:
    """A zip file whose parts are read with limits; closes with the `with` block."""

    def __init__(self, path: Path) -> None:
        """Raises FileReadError for a damaged or a bomb-like file."""
        self.name = path.name
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise damaged(path.name) from error
        try:
            self._check(path.stat().st_size)
        except FileReadError:
            self._zip.close()
            raise
        self.names = frozenset(self._zip.namelist())

    def __enter__(self) -> Self:
        """Nothing more to open."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self._zip.close()

    def _check(self, packed: int) -> None:
        infos = self._zip.infolist()
        total = sum(info.file_size for info in infos)
        bomb = total > RATIO_FREE and total > packed * RATIO_LIMIT
        if total > TOTAL_LIMIT or bomb or len(infos) > 20_000:
            raise FileReadError(
                f"“{self.name}”解压后约有 {total // 1_000_000} MB,大小异常,已停止读取。",
                "请在Excel或WPS中打开,只把需要的表格另存为新的.xlsx文件后再导入。",
            )
        if any(info.flag_bits & 1 for info in infos):
            raise encrypted(self.name)

    def open(self, part: str) -> IO[bytes]:
        """A stream of one part; raises FileReadError when it is missing."""
        try:
            return self._zip.open(part)
        except (KeyError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
            raise damaged(self.name) from error

    def elements(self, part: str, *tags: str) -> Iterator[Any]:
        """The elements with these local names as lxml elements, each cleared after use.

        Raises FileReadError for XML that is cut off, broken or has a document type.
        """
        from lxml import etree

        with self.open(part) as stream:
            try:
                head = stream.read(4096).replace(b"\0", b"")
                if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                    raise forbidden_dtd(self.name)
                stream.seek(0)
                context = etree.iterparse(
                    stream,
                    events=("end",),
                    tag=[f"{{*}}{tag}" for tag in tags],
                    resolve_entities=False,
                    no_network=True,
                    huge_tree=True,
                )
                for _, element in context:
                    yield element
                    _forget(element)
                root: Any = context.root
                if root is not None and root.getroottree().docinfo.doctype:
                    raise forbidden_dtd(self.name)
            except (etree.XMLSyntaxError, zipfile.BadZipFile, zlib.error, EOFError) as error:
                raise damaged(self.name) from error

    def tree(self, part: str) -> Any:
        """The whole of a small part as an lxml element; None when the part is missing."""
        if part not in self.names:
            return None
        from lxml import etree

        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
        try:
            with self.open(part) as stream:
                root = etree.parse(stream, parser).getroot()
        except (etree.XMLSyntaxError, zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise damaged(self.name) from error
        whole: Any = root
        if whole.getroottree().docinfo.doctype:
            raise forbidden_dtd(self.name)
        return whole

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """The relations of a part: id → (last word of the type, path of the part inside the zip)."""
        folder, _, name = part.rpartition("/")
        root = self.tree(f"{folder}/_rels/{name}.rels".lstrip("/"))
        found: dict[str, tuple[str, str]] = {}
        for element in root if root is not None else ():
            if not isinstance(element.tag, str) or element.get("TargetMode") == "External":
                continue
            kind = (element.get("Type") or "").rpartition("/")[2]
            found[element.get("Id") or ""] = (kind, _resolve(folder, element.get("Target") or ""))
        return found


def _forget(element: Any) -> None:
    """Free an element that was used, and those before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _resolve(folder: str, target: str) -> str:
    """A relation's target as a path from the root of the zip."""
    if target.startswith("/"):
        return target[1:]
    parts = folder.split("/") if folder else []
    for piece in target.split("/"):
        if piece == ".." and parts:
            parts.pop()
        elif piece not in ("", ".", ".."):
            parts.append(piece)
    return "/".join(parts)


def damaged(name: str) -> FileReadError:
    """The file is cut off or damaged."""
    return FileReadError(
        f"“{name}”不完整或已损坏,无法读取。",
        "请重新复制一份,或在Excel、WPS中打开并另存为新文件后再导入。",
    )


def encrypted(name: str) -> FileReadError:
    """The file is protected by a password."""
    return FileReadError(
        f"“{name}”设有打开密码,无法读取。",
        "请在Excel或WPS中打开,取消密码(文件→文档加密)并保存后再导入。",
    )


def forbidden_dtd(name: str) -> FileReadError:
    """The XML carries a document type definition, which no office program writes."""
    return FileReadError(
        f"“{name}”内含外部引用声明(DTD),正常的表格和文档不会有,为安全起见未读取。",
        "请核实文件来源;确需使用的,在Excel或WPS中另存为新文件后再导入。",
    )
