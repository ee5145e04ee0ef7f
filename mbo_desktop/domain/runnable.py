"""Names of files that a desktop would run rather than show.

Attachments come from other offices; opening one must never start something.
"""

from __future__ import annotations

import re

_PROGRAMS = """
exe com scr pif cpl dll sys drv ocx msi msp mst msix appx appxbundle jar apk app bin run elf deb rpm
appimage dmg pkg
"""
_SCRIPTS = """
bat cmd ps1 ps1xml psm1 psd1 psc1 vbs vbe vb js jse mjs ws wsf wsc wsh sct hta sh bash csh ksh zsh
command py pyw pyc pyz pl rb lua php au3 ahk
"""
_STARTERS = """
lnk url website desktop reg inf scf library-ms search-ms settingcontent-ms appref-ms application msc
gadget chm hlp diagcab rdp iso img vhd vhdx xll wll ade adp mde accde mda mdb
"""
"""What starts something when it is opened."""
_PAGES = "html htm xhtml shtml mht mhtml svg svgz xml xsl"
"""Pages with code in them."""
_RUNNABLE = frozenset(f"{_PROGRAMS} {_SCRIPTS} {_STARTERS} {_PAGES}".split())
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]')


def shown_name(name: str) -> str:
    """The last part of a name without what systems read as something else; "附件" when nothing is left."""
    last = re.split(r"[/\\]", name)[-1]
    # Windows passes over dots and spaces at the end, so that "a.exe. " is a program.
    return _FORBIDDEN.sub("", last).strip().rstrip(" .") or "附件"


def is_runnable(name: str) -> bool:
    """Whether a file of this name would be run, or is opened by what runs code in it."""
    parts = [_FORBIDDEN.sub("", one).strip().rstrip(" .") for one in re.split(r"[/\\:]", name)]
    return any(one.lower().rpartition(".")[2] in _RUNNABLE for one in parts if "." in one)
