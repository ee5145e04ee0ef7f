"""Why a package is refused, in words: for the clerk here, and to read out to the sender."""

from __future__ import annotations

from mbo_desktop.errors import (
    PackageDamagedError,
    PackageForeignError,
    PackageForgedError,
    PackagePasswordError,
    PackageTooLargeError,
    PackageTooNewError,
)

_PARTS = {
    "records.jsonl": "内容", "log.jsonl": "变动记录", "manifest.json": "清单", "manifest.sig": "签名",
    "封面.html": "封面", "mimetype": "文件头",
}
"""Members of a package as a clerk says them."""


def _said(found: str) -> str:
    """Names of members in words."""
    for part, word in _PARTS.items():
        found = found.replace(part, word)
    return found


def not_ours(name: str) -> PackageForeignError:
    """No package at all."""
    return PackageForeignError(
        f"“{name}”不是本系统的数据包。",
        "送来的文件不是目标责任制管理系统的数据包(.zrb),请核对是否拿错了文件,从“数据交换—登记”中重新写出一份。",
    )


def packed_again(name: str, found: str) -> PackageForeignError:
    """A zip file, but not as this program writes it; found: what is odd."""
    found = _said(found)
    return PackageForeignError(
        f"“{name}”不符合数据包的格式({found}),可能解压后又重新压缩过,或被其他程序改动过。",
        "送来的数据包被重新压缩或改动过,请直接复制程序写出的原文件(.zrb),不要解压、不要用压缩软件再打包。",
    )


def cut_off(name: str) -> PackageDamagedError:
    """The end of the file is missing."""
    return PackageDamagedError(
        f"“{name}”不完整,后半部分缺失。",
        "送来的数据包没有复制完整,请重新复制一份,等复制结束、安全弹出U盘后再拔。",
    )


def damaged(name: str, part: str) -> PackageDamagedError:
    """Some bytes changed on the way; part: which member."""
    return PackageDamagedError(
        f"“{name}”已损坏({_said(part)}的校验值对不上)。",
        "送来的数据包在复制途中损坏了,请从“数据交换—登记”中重新写出一份,最好换一个U盘。",
    )


def altered(name: str, part: str) -> PackageForgedError:
    """Whole in itself, but not what the sender signed."""
    return PackageForgedError(
        f"“{name}”与发送方的签名不符({_said(part)}),内容在签名之后被改动过。",
        "送来的数据包内容和签名对不上,我们没有导入。请查清文件经过谁的手,再从程序中重新写出一份送来。",
    )


def against_rules(name: str, found: str) -> PackageForgedError:
    """Signed, but breaking the format; no honest program writes this."""
    found = _said(found)
    return PackageForgedError(
        f"“{name}”的内容不合格式({found}),本系统不会写出这样的包。",
        f"送来的数据包不合格式({found}),我们没有导入。请说明是用什么程序制作的,并把程序升级后重新写出一份。",
    )


def too_large(name: str, found: str) -> PackageTooLargeError:
    """Larger than anything that is written."""
    return PackageTooLargeError(
        f"“{name}”过大({found}),已停止读取。",
        f"送来的数据包过大({found}),请核对附件,去掉录像等大文件后重新写出一份。",
    )


def too_new(name: str, app: str, asked: str) -> PackageTooNewError:
    """Written for newer programs; app: the program that wrote it; asked: what it needs."""
    by = f",由{app}写出" if app else ""
    return PackageTooNewError(
        f"“{name}”需要更新版本的程序才能读取({asked}{by})。",
        "你们的程序比我们的新,请把安装程序一并送来,或等我们升级后再导入。",
        f"文件原样保留,未作改动。请升级本机程序后再导入;对方使用的是{app or '更新的版本'}。",
    )


def password_needed(name: str) -> PackagePasswordError:
    """A password must be given."""
    return PackagePasswordError(
        f"“{name}”设有口令。", "送来的数据包设了口令,请告诉我们口令。",
        "请向发送方问清口令(当面或电话告知,不要写在U盘上),输入后再读取。",
    )


def password_wrong(name: str) -> PackagePasswordError:
    """The password does not open it."""
    return PackagePasswordError(
        f"口令不对,打不开“{name}”。", "我们输入的口令打不开数据包,请再念一遍口令,注意大小写。",
        "请核对口令(大小写、空格)后再输入;确认口令无误仍打不开的,文件开头可能已损坏,请对方重新写出一份。",
        wrong=True,
    )
