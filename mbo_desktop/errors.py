"""The program's errors: what happened, whether the data is safe, what to do.

Everything a user can meet is a `ProgramError`; anything else that surfaces is a
fault of ours and goes to the crash dialog. The Chinese wording is given where the
facts are known; wording that more than one place needs stands here.
"""

from __future__ import annotations


class ProgramError(Exception):
    """An error that is told to the user in three parts, all in Chinese.

    what: what happened, with names and figures; safe: what became of the data;
    todo: what the user can do now.
    """

    def __init__(self, what: str, safe: str, todo: str) -> None:
        super().__init__(f"{what}{safe}{todo}")
        self.what = what
        self.safe = safe
        self.todo = todo

    def sentences(self) -> str:
        """The three parts as one paragraph."""
        return f"{self.what}{self.safe}{self.todo}"


class InputError(ProgramError):
    """What was typed or handed in cannot be read; nothing was changed."""

    def __init__(self, what: str, todo: str, safe: str = "原内容未改动。") -> None:
        super().__init__(what, safe, todo)


class NotAllowedError(ProgramError):
    """The state of the record, its owner or the role forbids this step."""

    def __init__(self, what: str, todo: str, safe: str = "数据未改动。") -> None:
        super().__init__(what, safe, todo)


class RecordMissingError(ProgramError):
    """A record that is asked for was deleted meanwhile, or was never in this data file."""

    def __init__(self, what: str = "要打开的这一条内容已被删除。") -> None:
        super().__init__(what, "其他数据未受影响。", "请刷新后再试;误删的可在“历史”中还原。")


class FileReadError(ProgramError):
    """A file from outside cannot be taken in (locked, damaged, wrong kind, too large)."""

    def __init__(self, what: str, todo: str, safe: str = "未导入任何内容,原有数据未改动。") -> None:
        super().__init__(what, safe, todo)


class FileWriteError(ProgramError):
    """A file could not be written (full, read-only, open elsewhere)."""

    def __init__(self, what: str, todo: str, safe: str = "数据未受影响,未留下写了一半的文件。") -> None:
        super().__init__(what, safe, todo)


class PackageError(FileReadError):
    """A package (.zrb) that is not taken in; `aloud` is what to tell its sender on the phone."""

    def __init__(self, what: str, aloud: str, todo: str = "") -> None:
        super().__init__(what, todo or f"请告诉发送方:“{aloud}”")
        self.aloud = aloud


class PackageForeignError(PackageError):
    """The file is no package of this program, or was unpacked and packed again."""


class PackageDamagedError(PackageError):
    """The package is cut off or its bytes are no longer those that were written."""


class PackageForgedError(PackageError):
    """The content is not what was signed, or breaks rules that no honest program breaks."""


class PackageTooNewError(PackageError):
    """Only a newer program can read the package."""


class PackageTooLargeError(PackageError):
    """The package or a part of it is larger than anything this program writes."""


class PackagePasswordError(PackageError):
    """The package has a password; `wrong` when the one that was given does not open it."""

    def __init__(self, what: str, aloud: str, todo: str = "", *, wrong: bool = False) -> None:
        super().__init__(what, aloud, todo)
        self.wrong = wrong


class StorageError(ProgramError):
    """The data folder itself cannot be opened, read or written."""


class Cancelled(Exception):
    """The user stopped a long job; nothing is shown and nothing was changed."""
