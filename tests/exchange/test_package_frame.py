"""Packages are written and read: the same content, the same bytes, readable by ordinary tools."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import unicodedata
import zipfile
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from package_maker import KEY, edition, make, photos, report_body

from mbo_desktop.domain.canonical import dump
from mbo_desktop.domain.exchange import Manifest, Receipt, edition_hash
from mbo_desktop.errors import (
    FileReadError,
    FileWriteError,
    InputError,
    PackageDamagedError,
    PackageForeignError,
    PackageForgedError,
    PackagePasswordError,
    PackageTooLargeError,
    PackageTooNewError,
)
from mbo_desktop.exchange import cover, frame, manifest, password, records, signing
from mbo_desktop.exchange.limits import Limits
from mbo_desktop.exchange.text_rules import is_clean, is_clean_json
from mbo_desktop.exchange.writing import safe_name
from mbo_desktop.store import text as door

PURE = ("mbo_desktop.domain", "mbo_desktop.errors", "mbo_desktop.exchange")


def test_what_is_written_is_read(tmp_path: Path) -> None:
    maker = make(tmp_path, 40, photos(3, 5000))
    path = frame.write_package(tmp_path / "甲县6月.zrb", maker.content())
    read = frame.read_package(path)
    assert read.manifest == maker.manifest
    assert list(read.lines) == records.ordered(maker.lines)
    assert read.identity == sha256(read.manifest_text.encode()).hexdigest()
    assert read.key == signing.public_key(KEY)
    assert not read.is_sealed
    (tmp_path / "out").mkdir()
    copied = read.copy_blobs(lambda entry: tmp_path / "out" / entry.name)
    assert {name: path.read_bytes() for name, path in copied.items()} == {
        name: path.read_bytes() for name, path in maker.blobs.items()
    }
    assert list(tmp_path.glob("*.part")) == []


def test_same_content_gives_same_bytes(tmp_path: Path) -> None:
    maker = make(tmp_path, 10, photos(1, 900))
    first = frame.write_package(tmp_path / "a.zrb", maker.content()).read_bytes()
    maker.lines = list(reversed(maker.lines))
    assert frame.write_package(tmp_path / "b.zrb", maker.content()).read_bytes() == first


def test_ordinary_zip_programs_open_it(tmp_path: Path) -> None:
    path = frame.write_package(tmp_path / "a.zrb", make(tmp_path, 3, photos(1, 100)).content())
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert names[:4] == ["mimetype", "manifest.json", "manifest.sig", "records.jsonl"]
        assert names[-1] == "封面.html"
        lines = archive.read("records.jsonl").decode().splitlines()
    assert [json.loads(line)["body"]["month"] for line in lines] == [6] * 3


def test_package_without_records_or_files(tmp_path: Path) -> None:
    read = frame.read_package(frame.write_package(tmp_path / "a.zrb", make(tmp_path, 0).content()))
    assert read.lines == ()
    assert list(read.log_entries()) == []


WORDS = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Cf", "Zl", "Zp", "Co", "Cn")), max_size=30).map(
    lambda text: unicodedata.normalize("NFC", text)
).filter(is_clean)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | WORDS | st.sampled_from(["a\nb", '"', "\\u0041", "\t"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcdef"), inner, max_size=3),
    max_leaves=12,
)
BODIES = st.dictionaries(st.sampled_from(["name", "deleted", "note", "hash", "value"]), VALUES, max_size=4).filter(
    lambda body: records.depth(body) <= 8
)


@given(
    bodies=st.lists(BODIES, max_size=6), note=WORDS, deleted=st.booleans(),
    receipts=st.sets(st.integers(0, 9), max_size=3), withheld=st.booleans(),
)
def test_round_trip(
    bodies: list[dict[str, object]], note: str, deleted: bool, receipts: set[int], withheld: bool,
) -> None:
    """Whatever canonical bodies a package holds, the same lines and manifest come back."""
    earlier = tuple(sorted(sha256(bytes([number])).hexdigest() for number in receipts))
    lines = [edition(number, body, earlier=earlier, deleted=deleted) for number, body in enumerate(bodies)]
    if withheld:
        lines = [replace(line, body=None) for line in lines]
    with TemporaryDirectory() as name:
        folder = Path(name)
        maker = make(
            folder, 0, more=lines, note=note,
            receipts=tuple(Receipt(f"{number:064x}", number + 1, "2020-06-30") for number in sorted(receipts)),
        )
        read = frame.read_package(
            frame.write_package(folder / "a.zrb", maker.content()), any_bodies=True
        )
    assert list(read.lines) == records.ordered(lines)
    assert read.manifest == maker.manifest
    assert manifest.to_text(read.manifest) == read.manifest_text


def test_a_line_is_the_hashed_text_and_its_hash() -> None:
    """The manual says how another vendor gets the hash of a line: this is that rule."""
    line = edition(1, earlier=("ab" * 32,))
    content = json.loads(records.line_text(line))
    hashed = content.pop("hash")
    assert sha256(dump(content).encode()).hexdigest() == hashed == line.hash


def test_password_hides_everything(tmp_path: Path) -> None:
    maker = make(tmp_path, 5, photos(1, 500))
    path = frame.write_package(tmp_path / "a.zrb", maker.content(), password="柳树下３只羊")
    data = path.read_bytes()
    assert b"PK" not in data[:200]
    assert b"manifest" not in data
    with pytest.raises(PackagePasswordError, match="设有口令") as needed:
        frame.read_package(path)
    assert not needed.value.wrong
    with pytest.raises(PackagePasswordError, match="口令不对") as wrong:
        frame.read_package(path, password="柳树下4只羊")
    assert wrong.value.wrong
    assert "再念一遍口令" in wrong.value.aloud
    read = frame.read_package(path, password=" 柳树下3只羊 ")
    assert read.is_sealed
    assert read.manifest == maker.manifest
    assert "柳树下" not in repr(read)
    changed = bytearray(data)
    changed[-40] ^= 1
    path.write_bytes(changed)
    with pytest.raises(PackageDamagedError):
        frame.read_package(path, password="柳树下3只羊")


def test_short_password_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="口令太短"):
        frame.write_package(tmp_path / "a.zrb", make(tmp_path).content(), password=" 12345 ")
    assert list(tmp_path.glob("*.zrb*")) == []


def test_costly_password_header_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zrb"
    path.write_bytes(password.MARK + b"-> scrypt wxk1rjMyQoe7k7kmlIpq3A 63\nx\n--- y\n")
    with pytest.raises(PackageForgedError, match="计算量异常"):
        frame.read_package(path, password="123456")
    path.write_bytes(password.MARK + b"-> X25519 wxk1rjMyQoe7k7kmlIpq3A\nx\n--- y\n")
    with pytest.raises(PackageForeignError):
        frame.read_package(path, password="123456")


def test_history_of_a_replica(tmp_path: Path) -> None:
    entries = [{"change": number, "label": "修改目标值", "hash": "ab" * 32} for number in range(2000)]
    maker = make(tmp_path, 3, log=tuple(map(dump, entries)))
    read = frame.read_package(frame.write_package(tmp_path / "a.zrb", maker.content()))
    assert list(read.log_entries()) == entries


def test_only_replicas_carry_history(tmp_path: Path) -> None:
    maker = make(tmp_path, 1)
    with pytest.raises(ValueError, match="log_hash"):
        manifest.to_text(replace(maker.manifest, log_hash="ab" * 32, log_size=5))


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", PackageForeignError), (b"PK\x03\x04", PackageDamagedError),
        (b"PK\x05\x06" + b"\0" * 18, PackageForeignError), (b"%PDF-1.4", PackageForeignError),
        (b"PK\x03\x04" + b"\0" * 500, PackageDamagedError),
    ],
)
def test_other_files(tmp_path: Path, data: bytes, error: type[Exception]) -> None:
    path = tmp_path / "台账.zrb"
    path.write_bytes(data)
    with pytest.raises(error):
        frame.read_package(path)


def test_a_workbook_is_no_package(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("[Content_Types].xml", "xl/workbook.xml", "xl/a.xml"):
            archive.writestr(name, b"<a/>")
    with pytest.raises(PackageForeignError, match="格式"):
        frame.read_package(path)


def test_packed_again_is_said(tmp_path: Path) -> None:
    """A clerk unpacked the package and packed its folder: the sentence says what to do instead."""
    path = frame.write_package(tmp_path / "a.zrb", make(tmp_path).content())
    again = tmp_path / "again.zip"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(again, "w") as new:
        for name in old.namelist():
            new.writestr(f"甲县6月/{name}", old.read(name))
    with pytest.raises(PackageForeignError) as refused:
        frame.read_package(again)
    assert "不要用压缩软件再打包" in refused.value.aloud


def test_cut_off_is_said(tmp_path: Path) -> None:
    path = frame.write_package(tmp_path / "a.zrb", make(tmp_path, 50).content())
    path.write_bytes(path.read_bytes()[:-300])
    with pytest.raises(PackageDamagedError, match="不完整") as refused:
        frame.read_package(path)
    assert "重新复制" in refused.value.aloud


def test_missing_file_is_no_package_error(tmp_path: Path) -> None:
    with pytest.raises(FileReadError, match="读取"):
        frame.read_package(tmp_path / "a.zrb")


def test_newer_programs_packages_are_named(tmp_path: Path) -> None:
    """Whatever else is new in it: the version that is needed is said, the file is left."""
    maker = make(tmp_path)
    content = json.loads(manifest.to_text(maker.manifest))
    content |= {"min_reader": 4, "format": 3, "app": "目标责任制管理系统 3.2", "news": [1.5]}
    path = tmp_path / "a.zrb"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", frame.MIME_TYPE)
        archive.writestr("manifest.json", json.dumps(content | {"news": []}))
        archive.writestr("new.bin", b"1")
    with pytest.raises(PackageTooNewError, match=r"目标责任制管理系统 3\.2"):
        frame.read_package(path)


def test_records_of_newer_programs_are_named(tmp_path: Path) -> None:
    """A record type that is not known is no reason to guess: the version needed is said."""
    for changed in ({"type_name": "satellite"}, {"schema": 50}):
        maker = make(tmp_path, 1, more=[edition(7, **changed)], app="目标责任制管理系统 3.2")  # type: ignore[arg-type]
        path = frame.write_package(tmp_path / "a.zrb", maker.content())
        with pytest.raises(PackageTooNewError, match=r"目标责任制管理系统 3\.2"):
            frame.read_package(path)
        assert len(frame.read_package(path, any_bodies=True).lines) == 2


def test_unknown_fields_live_on(tmp_path: Path) -> None:
    line = edition(7, report_body(7) | {"satellite": {"seen": True}})
    path = frame.write_package(tmp_path / "a.zrb", make(tmp_path, 0, more=[line]).content())
    assert frame.read_package(path).lines == (line,)


def test_unknown_suite_is_a_newer_program(tmp_path: Path) -> None:
    text = manifest.to_text(make(tmp_path).manifest).replace("ed25519-sha256", "sm2-sm3")
    with pytest.raises(PackageTooNewError, match="sm2-sm3"):
        manifest.from_text(text, "a.zrb")


def test_fields_of_later_manifests_are_passed_over(tmp_path: Path) -> None:
    maker = make(tmp_path)
    content = json.loads(manifest.to_text(maker.manifest)) | {"zone": "later"}
    assert manifest.from_text(dump(content), "a.zrb") == maker.manifest


@pytest.mark.parametrize(
    "changed",
    [
        {"year": 1889}, {"seq": 0}, {"made_at": "gestern"}, {"recipient_name": " "}, {"note": "a\u202eb"},
        {"replica": "0B" * 16}, {"count": -1}, {"recipient_unit": "x/y"},
    ],
)
def test_manifest_that_nobody_would_take_is_not_written(tmp_path: Path, changed: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(changed))):
        manifest.to_text(replace(make(tmp_path).manifest, **changed))  # type: ignore[arg-type]


def test_limits_stop_reading(tmp_path: Path) -> None:
    path = frame.write_package(tmp_path / "a.zrb", make(tmp_path, 30, photos(1, 3000)).content())
    for limits in (
        Limits(file=1000), Limits(manifest=100), Limits(cover=50), Limits(records=100), Limits(lines=29),
        Limits(ratio_free=100, ratio=2),
    ):
        with pytest.raises(PackageTooLargeError) as refused:
            frame.read_package(path, limits=limits)
        assert refused.value.aloud
    assert len(frame.read_package(path, limits=Limits(lines=30)).lines) == 30


def test_what_the_manifest_does_not_say_is_not_written(tmp_path: Path) -> None:
    content = make(tmp_path, 3).content()
    with pytest.raises(ValueError, match="lines"):
        frame.write_package(tmp_path / "a.zrb", replace(content, lines=[]))
    with pytest.raises(ValueError, match="signature"):
        frame.write_package(tmp_path / "a.zrb", replace(content, signature=b"\0" * 64))
    with pytest.raises(ValueError, match="cover"):
        frame.write_package(tmp_path / "a.zrb", replace(content, cover="<p>"))
    assert list(tmp_path.glob("a.zrb*")) == []


def test_damaged_evidence_is_not_sent(tmp_path: Path) -> None:
    maker = make(tmp_path, 1, photos(1, 300))
    next(iter(maker.blobs.values())).write_bytes(b"x" * 300)
    with pytest.raises(FileWriteError, match="已损坏"):
        frame.write_package(tmp_path / "a.zrb", maker.content())
    assert list(tmp_path.glob("a.zrb*")) == []


def test_file_swapped_after_reading_is_noticed(tmp_path: Path) -> None:
    """The stick was changed between reading and copying the evidence."""
    path = frame.write_package(tmp_path / "a.zrb", make(tmp_path, 1, photos(1, 300)).content())
    read = frame.read_package(path)
    data = bytearray(path.read_bytes())
    place = data.index(b"blobs/") + len("blobs/") + 64
    data[place + 5] ^= 1
    path.write_bytes(data)
    with pytest.raises(PackageDamagedError):
        read.copy_blobs(lambda entry: tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_cover_fits_a_page_and_is_harmless(tmp_path: Path) -> None:
    maker = make(tmp_path, 2, note="<script>" + "长" * 400)
    identity = manifest.identity(manifest.to_text(maker.manifest))
    page = cover.render(maker.manifest, identity, [(f"类{number}", number) for number in range(70)])
    assert cover.problem(page, identity) == ""
    assert "<script" not in page
    assert "后面还有248字" in page
    assert "其余29种" in page
    assert page.count("<tr>") <= 7 + 14 + 3
    assert "非涉密" in page and signing.fingerprint(signing.public_key(KEY)) in page
    assert cover.render(maker.manifest, identity, [], cleared=False).count("尚未确认是否涉密") == 1


@pytest.mark.parametrize(
    "added",
    [
        "<script>1</script>", "<img src=x>", "<p onclick=a>", "<!-- x -->", "<a href=http://x>", "<?x ?>",
        "<style>p{background:url(x)}</style>", "<style>@import 'x'</style>", '<meta http-equiv="refresh" content="0">',
        "<svg><p></svg>", "<p style='a'>", "\u202e", "<" * 3000,
    ],
)
def test_cover_with_anything_active_is_refused(tmp_path: Path, added: str) -> None:
    maker = make(tmp_path, 1)
    identity = manifest.identity(manifest.to_text(maker.manifest))
    page = cover.render(maker.manifest, identity, [])
    assert cover.problem(page.replace("</body>", added + "</body>"), identity)
    assert cover.problem(page, "00" * 32)


def test_fingerprint_is_read_out_in_digits() -> None:
    groups = signing.fingerprint(signing.public_key(KEY)).split()
    assert len(groups) == 8
    assert all(len(one) == 5 and one.isdecimal() for one in groups)
    assert signing.fingerprint(signing.public_key(bytes(32))).split() != groups
    assert signing.fingerprint("00" * 32) == "48476 78126 25010 00902 00043 19609 51177 95336"


def test_weak_keys_sign_nothing() -> None:
    """The known points of small order verify a signature of nobody: they are no keys."""
    for raw in (bytes(32), b"\1" + bytes(31), bytes(31) + b"\x80"):
        assert signing.is_weak(raw)
        assert not signing.is_signed(raw.hex(), "x", b"\1" + bytes(63))
    key = signing.new_key()
    assert signing.is_signed(signing.public_key(key), "文", signing.sign(key, "文"))
    assert not signing.is_signed(signing.public_key(key), "文 ", signing.sign(key, "文"))
    assert not signing.is_signed(signing.public_key(key), "文", signing.sign(key, "文")[:-1])


def test_text_rules_are_those_of_the_door() -> None:
    """A character the store would change or refuse is refused in a package, and no other."""
    for code in range(0x20000):
        letter = chr(code)
        try:
            kept = door.clean(letter) == letter
        except InputError:
            kept = False
        assert is_clean(letter) == kept, hex(code)


def test_escapes_in_canonical_text() -> None:
    assert is_clean_json(dump({"a": 'line\nnext\ttab "quoted" \\u0041 \\b'}))
    for letter in "\x00\x01\r\b\f\x1b\x7f\x85\u200b":
        assert not is_clean_json(dump({"a": letter}))


def test_hash_of_a_line_speaks_of_its_lineage() -> None:
    line = edition(1)
    other = edition_hash(
        type_name=line.type, uuid=line.uuid, owner=line.owner, earlier=["ab" * 32], deleted=False,
        schema=1, body=line.body or "",
    )
    assert other != line.hash


def test_safe_names() -> None:
    assert safe_name('甲县: 6月/"月报"?.') == "甲县_ 6月__月报__"
    assert safe_name("...") == "_"
    assert len(safe_name("长" * 200)) == 80


def test_exchange_knows_files_and_bytes_only() -> None:
    """No store, no SQL, no window below the frame."""
    for path in (Path(frame.__file__).parent).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else (
                [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            )
            for name in names:
                assert name.split(".")[0] not in ("sqlalchemy", "sqlite3", "PySide6"), path.name
                assert not name.startswith("mbo_desktop") or name.startswith(PURE) or name == "mbo_desktop.exchange", path.name


@pytest.mark.skipif(sys.platform == "win32", reason="openssl is an ordinary tool on Linux")
def test_openssl_verifies_the_signature(tmp_path: Path) -> None:
    """As the manual tells: the public key as PEM, the raw manifest, the raw signature."""
    content = make(tmp_path, 1).content()
    said: Manifest = manifest.from_text(content.manifest_text, "")
    from base64 import b64encode

    der = bytes.fromhex("302a300506032b6570032100" + said.sender.key)
    (tmp_path / "key.pem").write_bytes(b"-----BEGIN PUBLIC KEY-----\n" + b64encode(der) + b"\n-----END PUBLIC KEY-----\n")
    (tmp_path / "manifest.json").write_text(content.manifest_text, "utf-8")
    (tmp_path / "manifest.sig").write_bytes(content.signature)
    try:
        done = subprocess.run(
            ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "key.pem", "-rawin", "-in", "manifest.json",
             "-sigfile", "manifest.sig"], cwd=tmp_path, capture_output=True, text=True, check=False,
        )
    except FileNotFoundError:
        pytest.skip("no openssl here")
    assert "Verified Successfully" in done.stdout
