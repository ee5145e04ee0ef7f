"""The .deb around a frozen folder: where files go, menu entry, file types, what it depends on.

Nothing in it touches a user's data: those lie in folders that the users chose. There are no
maintainer scripts; desktops learn of menu entry, icons and file types by dpkg's triggers.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from installer import program_icon
from installer.names import CONSOLE, PACKAGE, PRODUCT, ROOT, source_time

ARCHITECTURE = "amd64"
HOME = f"opt/{PACKAGE}"
DEPENDS = (
    "libc6 (>= 2.31)", "libstdc++6", "libgcc-s1", "zlib1g", "libbz2-1.0", "liblzma5", "libzstd1", "libuuid1", "libexpat1", "libgl1", "libegl1", "libglib2.0-0", "libfontconfig1", "libfreetype6", "libdbus-1-3",
    "libx11-6", "libx11-xcb1", "libxkbcommon0", "libxkbcommon-x11-0", "libxcb1", "libxcb-cursor0", "libxcb-glx0",
    "libxcb-icccm4", "libxcb-image0", "libxcb-keysyms1", "libxcb-randr0", "libxcb-render-util0", "libxcb-render0",
    "libxcb-shape0", "libxcb-shm0", "libxcb-sync1", "libxcb-util1", "libxcb-xfixes0", "libxcb-xkb1", "libcups2",
    "libwayland-client0", "libwayland-cursor0", "libwayland-egl1",
)
FOLDER_TYPE = "application/x-mbo-folder"
PACKAGE_TYPE = "application/x-mbo-package"
_DESKTOP = f"""[Desktop Entry]
Type=Application
Version=1.0
Name={PRODUCT}
Name[en]=Target Management
GenericName=目标责任制管理
Comment=目标分解、责任书、进度、督查、考核与数据交换
Exec=/{HOME}/{PACKAGE} %F
TryExec=/{HOME}/{PACKAGE}
Icon={PACKAGE}
Terminal=false
Categories=Office;
Keywords=目标;责任书;考核;督查;
MimeType={FOLDER_TYPE};{PACKAGE_TYPE};
StartupWMClass={PACKAGE}
"""
_MIME = f"""<?xml version="1.0" encoding="UTF-8"?>
<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">
  <mime-type type="{FOLDER_TYPE}">
    <comment>Target management data folder</comment>
    <comment xml:lang="zh_CN">目标管理数据文件夹</comment>
    <icon name="{PACKAGE}"/>
    <glob pattern="*.zrd"/>
  </mime-type>
  <mime-type type="{PACKAGE_TYPE}">
    <comment>Target management data package</comment>
    <comment xml:lang="zh_CN">目标管理数据包</comment>
    <icon name="{PACKAGE}"/>
    <glob pattern="*.zrb"/>
  </mime-type>
</mime-info>
"""


def stage(frozen: Path, tree: Path, version: str, third_party: Path) -> None:
    """Lay out everything of the package in an empty tree."""
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(frozen, tree / HOME, symlinks=True)
    for folder in ("usr/bin", "usr/share/applications", "usr/share/mime/packages", f"usr/share/doc/{PACKAGE}", "DEBIAN"):
        (tree / folder).mkdir(parents=True)
    (tree / HOME / CONSOLE).symlink_to(PACKAGE)
    for name in (PACKAGE, CONSOLE):
        (tree / "usr/bin" / name).symlink_to(f"/{HOME}/{name}")
    (tree / f"usr/share/applications/{PACKAGE}.desktop").write_text(_DESKTOP, "utf-8")
    (tree / f"usr/share/mime/packages/{PACKAGE}.xml").write_text(_MIME, "utf-8")
    _icons(tree / "usr/share/icons/hicolor")
    _documents(tree / f"usr/share/doc/{PACKAGE}", third_party)
    _permissions(tree)
    _control(tree, version)


def pack(tree: Path, folder: Path, version: str) -> Path:
    """Write the .deb of a staged tree; raises CalledProcessError."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{PACKAGE}_{version}_{ARCHITECTURE}.deb"
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "-Zxz", "-z9", "--build", str(tree), str(path)],
        check=True, stdout=subprocess.DEVNULL, env={**os.environ, "SOURCE_DATE_EPOCH": str(source_time())},
    )
    return path


def installed_bytes(tree: Path) -> int:
    """Bytes of the files that end up on the disk."""
    return sum(path.stat().st_size for path in _files(tree))


def _files(tree: Path) -> list[Path]:
    return sorted(
        path for path in tree.rglob("*")
        if path.is_file() and not path.is_symlink() and path.relative_to(tree).parts[0] != "DEBIAN"
    )


def _icons(theme: Path) -> None:
    for size in program_icon.PNG_SIZES:
        folder = theme / f"{size}x{size}" / "apps"
        folder.mkdir(parents=True)
        (folder / f"{PACKAGE}.png").write_bytes(program_icon.png(size))
    (theme / "scalable/apps").mkdir(parents=True)
    shutil.copyfile(program_icon.SVG, theme / f"scalable/apps/{PACKAGE}.svg")


def _documents(folder: Path, third_party: Path) -> None:
    own = (ROOT / "LICENSE").read_text("utf-8")
    (folder / "copyright").write_text(own + "\n" + third_party.read_text("utf-8"), "utf-8")
    packed = gzip.compress((ROOT / "CHANGELOG.md").read_bytes(), mtime=source_time())
    (folder / "changelog.gz").write_bytes(packed)
    shutil.copyfile(ROOT / "resources/manual/administrators.md", folder / "administrators.md")


def _permissions(tree: Path) -> None:
    """Readable by all, writable by the owner, executable where it was."""
    for path in tree.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)


def _control(tree: Path, version: str) -> None:
    files = _files(tree)
    size = sum(path.stat().st_size for path in files) // 1024
    (tree / "DEBIAN/control").write_text(
        f"Package: {PACKAGE}\nVersion: {version}\nArchitecture: {ARCHITECTURE}\nSection: misc\nPriority: optional\n"
        f"Maintainer: The mbo-desktop authors <root@localhost>\nInstalled-Size: {size}\n"
        f"Depends: {', '.join(DEPENDS)}\n"
        f"Description: {PRODUCT}\n 单机离线使用的目标责任制管理程序:目标、责任书、分解、进度、督查、考核、数据交换。\n"
        " 不联网,不安装服务,数据只在用户选定的文件夹中。\n",
        "utf-8",
    )
    sums = [
        f"{hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()}  {path.relative_to(tree)}" for path in files
    ]
    (tree / "DEBIAN/md5sums").write_text("\n".join(sums) + "\n", "utf-8")
    for name in ("control", "md5sums"):
        (tree / "DEBIAN" / name).chmod(0o644)
