"""What lies beside an installer in dist: licences, bill of materials, the administrator's sheet, checksums."""

from __future__ import annotations

import hashlib
from pathlib import Path

from installer import licences, printed_sheet, sbom
from installer.names import DIST, ROOT, version

SHEET = "系统管理员说明.md"
PRINTED = "系统管理员说明.pdf"
SUMS = "SHA256SUMS"
_SHEET_SOURCE = ROOT / "resources" / "manual" / "administrators.md"


def write(platforms: tuple[str, ...], *, system_copyrights: Path | None = None) -> None:
    """Write what goes with the installers that stand in dist; the sheet states their hashes."""
    listed = licences.components(platforms, system_copyrights=system_copyrights)
    system = "windows" if "win_amd64" in platforms else "linux"
    licences.write(DIST / f"THIRD_PARTY-{system}.txt", platforms, system_copyrights=system_copyrights)
    sbom.write(DIST / f"sbom-{system}.cdx.json", listed)
    text = sheet(_installers())
    (DIST / SHEET).write_text(text, "utf-8")
    printed_sheet.write(text, DIST / PRINTED)
    (DIST / SUMS).write_text(sums(), "utf-8")


def sheet(installers: list[Path]) -> str:
    """The manual's page for administrators, with version, sizes and hashes of the installers on top."""
    rows = [f"| {path.name} | {path.stat().st_size} | `{digest(path)}` |" for path in installers]
    text = _SHEET_SOURCE.read_text("utf-8")
    head, _, rest = text.partition("\n\n")
    table = "\n".join(["| 文件 | 字节 | SHA-256 |", "| --- | --- | --- |", *rows])
    return f"{head}\n\n版本 {version()}。\n\n{table}\n\n{rest}"


def sums() -> str:
    """Checksums of everything in dist that is handed on, in the form that sha256sum -c reads."""
    paths = [path for path in sorted(DIST.iterdir()) if path.is_file() and path.name != SUMS]
    return "".join(f"{digest(path)}  {path.name}\n" for path in paths)


def digest(path: Path) -> str:
    """SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _installers() -> list[Path]:
    return [path for path in sorted(DIST.iterdir()) if path.suffix in (".deb", ".exe")]
