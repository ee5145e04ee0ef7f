"""Rebuild the bundled fonts from their packages; run by hand, the results are committed.

    python build_fonts.py FANDOL_FOLDER NOTO_SERIF_PACKAGE

FANDOL_FOLDER holds the OpenType files and COPYING of the Debian package texlive-lang-chinese
(after `apt-get download` and `dpkg-deb -x`); NOTO_SERIF_PACKAGE is the archive `npm pack`
gives for @expo-google-fonts/noto-serif-sc. Sources and results are checked by SHA-256.
PDF needs TrueType outlines, so the Fandol files (cubic CFF) are converted to quadratic curves.
"""

from __future__ import annotations

import hashlib
import io
import sys
import tarfile
from pathlib import Path

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable

HERE = Path(__file__).parent
TIMESTAMP = 3_600_000_000
"""Seconds since 1904 written into every file, so that a rebuild gives the same bytes."""

FANDOL = {
    "FandolFang-Regular.otf": "d838ad32ce2244d8144f408c37fe71065aba6fbbc80759a4d2aa2033948d5bc9",
    "FandolKai-Regular.otf": "ea7e7fb4f9b3ac694a68d43946e04d21deed6e8c29a7c2d3081e1a4138f2f827",
    "FandolHei-Regular.otf": "4afa97aa8751e0118617df88272b58d43691b5cffb7ea024c4580496e9f34d28",
}
NOTO = {
    "package/700Bold/NotoSerifSC_700Bold.ttf": "9c6a2ba736e4b499c84f65ce366bd3625c0401885fd3e585ace50fb738b96ff6",
    "package/300Light/NotoSerifSC_300Light.ttf": "a86e5cabd0c0b9bd656ff9c3e437bec6519fc7b149e845192edd8075b07789eb",
}
RARE_IN_NAMES = "𬭸䶮喆堃昇祎玥㛃㐂㐱㑇㑊㕮㘎㙍㙘㙦㛚㛹㟃㠇㠓㤘㥄㧐㧑㧟㫰㬊㬎㬚㭎㭕㮾㰀㳇㳘㳚㴋㴔㵐㶲㸆㸌㺄㻬㽏㿠䁖䂮䃅䃎䅟䌹䎃䎖䏝䏡䏲䐃䓖䓛䓨䓫䓬䗖䗛䗪䗴䜣䝙䢺䢼䣘䥽䦃䲟䲠䲢䴓䴔䴕䴖䴗䴘䴙䶮"
"""Characters beyond GBK that the national table of 8105 characters admits for names and places."""


def check(name: str, data: bytes, expected: str) -> None:
    """Stop when a file is not the one these fonts were made from."""
    found = hashlib.sha256(data).hexdigest()
    if expected and found != expected:
        raise SystemExit(f"{name}: SHA-256 {found}, expected {expected}")
    print(f"{name}: {found}")


def to_quadratic(source: TTFont, max_error: float = 1.0) -> TTFont:
    """Replace the cubic outlines of `source` by TrueType ones; max_error in units of 1/1000 em."""
    order = source.getGlyphOrder()
    glyph_set = source.getGlyphSet()
    tolerance = max_error * source["head"].unitsPerEm / 1000
    glyphs = {}
    for name in order:
        pen = TTGlyphPen(glyph_set)
        glyph_set[name].draw(Cu2QuPen(pen, tolerance, reverse_direction=True))
        glyphs[name] = pen.glyph()
    source["loca"] = newTable("loca")
    source["glyf"] = glyf = newTable("glyf")
    glyf.glyphOrder = order
    glyf.glyphs = glyphs
    for name in order:
        glyphs[name].recalcBounds(glyf)
        advance, _ = source["hmtx"][name]
        source["hmtx"][name] = (advance, getattr(glyphs[name], "xMin", 0))
    maxp = source["maxp"]
    maxp.tableVersion = 0x00010000
    maxp.maxZones = 1
    for field in ("maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs",
                  "maxStackElements", "maxSizeOfInstructions", "maxComponentElements"):
        setattr(maxp, field, 0)
    for tag in ("CFF ", "VORG", "GSUB", "GPOS", "BASE", "vhea", "vmtx", "DSIG"):
        if tag in source:
            del source[tag]
    source["post"].formatType = 3.0
    source.sfntVersion = "\000\001\000\000"
    return source


def rename(font: TTFont, family: str, note: str) -> None:
    """Give the font its own family name and say in it what was changed."""
    table = font["name"]
    copyright_text = table.getDebugName(0) or ""
    licence = table.getDebugName(13) or ""
    table.names = []
    for number, text in ((0, f"{copyright_text} {note}".strip()), (1, family), (2, "Regular"),
                         (3, f"{family} {note}"), (4, family), (5, "Version 1.0"),
                         (6, family.replace(" ", "")), (13, licence)):
        table.setName(text, number, 3, 1, 0x409)


def finish(font: TTFont, name: str, expected: str) -> None:
    """Write the font with a fixed time stamp and check it."""
    font.recalcTimestamp = False
    font["head"].modified = font["head"].created = TIMESTAMP
    buffer = io.BytesIO()
    font.save(buffer)
    check(name, buffer.getvalue(), expected)
    (HERE / name).write_bytes(buffer.getvalue())


def cut(font: TTFont, wanted: set[int]) -> TTFont:
    """Keep the wanted characters only, without hints and layout features."""
    options = subset.Options(hinting=False, layout_features=[], notdef_outline=True,
                             name_IDs=["*"], glyph_names=False, desubroutinize=True)
    options.drop_tables += ["DSIG", "vhea", "vmtx", "VORG", "BASE", "GSUB", "GPOS", "GDEF", "STAT"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted)
    cutter.subset(font)
    return font


def even_figures(font: TTFont) -> None:
    """Give the ten figures one advance, so that numbers stand under each other in tables."""
    cmap, glyf, hmtx = font.getBestCmap(), font["glyf"], font["hmtx"]
    width = max(hmtx[cmap[ord(figure)]][0] for figure in "0123456789")
    for figure in "0123456789":
        name = cmap[ord(figure)]
        _place(font, name, name, 1.0, (width - hmtx[name][0]) // 2, 0)
        hmtx[name] = (width, glyf[name].xMin)


def small_figures(font: TTFont) -> None:
    """Add the raised and lowered figures the source lacks (m², SO₂) from its own ones."""
    cmap, glyf, hmtx = font.getBestCmap(), font["glyf"], font["hmtx"]
    raised = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-", strict=True))
    lowered = dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True))
    for signs, height in ((raised, 330), (lowered, -140)):
        for sign, figure in signs.items():
            if ord(sign) in cmap:
                continue
            source, name = cmap[ord(figure)], f"uni{ord(sign):04X}"
            hmtx[name] = (round(hmtx[source][0] * 0.6), 0)
            _place(font, source, name, 0.6, 0, height)
            hmtx[name] = (hmtx[name][0], glyf[name].xMin)
            for table in font["cmap"].tables:
                if table.isUnicode():
                    table.cmap[ord(sign)] = name


def _place(font: TTFont, source: str, name: str, scale: float, x: int, y: int) -> None:
    """Draw glyph `source` scaled and moved as glyph `name`."""
    glyph_set = font.getGlyphSet()
    pen = TTGlyphPen(None)
    glyph_set[source].draw(TransformPen(pen, (scale, 0, 0, scale, x, y)))
    if name not in font.getGlyphOrder():
        font.setGlyphOrder([*font.getGlyphOrder(), name])
    font["glyf"][name] = pen.glyph()
    font["glyf"][name].recalcBounds(font["glyf"])


def encoded(codec: str) -> set[int]:
    """The characters of the Basic Plane that `codec` can hold."""
    found = set()
    for point in range(0x20, 0xFFFE):
        if 0xD800 <= point < 0xF900:
            continue
        try:
            chr(point).encode(codec)
        except UnicodeEncodeError:
            continue
        found.add(point)
    return found


def main(fandol: Path, noto_package: Path) -> None:
    """Make all five files."""
    present: list[set[int]] = []
    for name, expected in FANDOL.items():
        data = (fandol / name).read_bytes()
        check(name, data, expected)
        font = to_quadratic(TTFont(io.BytesIO(data)))
        present.append(set(font.getBestCmap()))
        result = name.replace("-Regular.otf", ".ttf")
        finish(font, result, RESULTS.get(result, ""))
    everywhere = set.intersection(*present)
    with tarfile.open(noto_package) as archive:
        noto = {}
        for name, expected in NOTO.items():
            member = archive.extractfile(name)
            assert member is not None
            noto[name] = member.read()
            check(name, noto[name], expected)
    bold, light = (TTFont(io.BytesIO(noto[name])) for name in NOTO)
    rare = {ord(character) for character in RARE_IN_NAMES}
    title = cut(bold, encoded("gbk") | rare)
    rename(title, "MBO Title Serif", "Subset of Noto Serif SC Bold.")
    finish(title, "MboTitleSerif.ttf", RESULTS.get("MboTitleSerif.ttf", ""))
    # What the Fandol faces have need not be stored again, but page numbers want its digits.
    ascii_and_dashes = set(range(0x20, 0x7F)) | {0x2014, 0x2013}
    lacking = set(light.getBestCmap()) - everywhere | ascii_and_dashes
    fallback = cut(light, lacking)
    even_figures(fallback)
    small_figures(fallback)
    rename(fallback, "MBO Rare Serif", "Subset of Noto Serif SC Light, small figures added.")
    finish(fallback, "MboRareSerif.ttf", RESULTS.get("MboRareSerif.ttf", ""))


RESULTS = {
    "FandolFang.ttf": "0ed4179bdd80e828178d79da3e7abd2cbc9827479f41a3ff614f56424f8f5759",
    "FandolKai.ttf": "316cb760492d8ceb7b490bfe27f92a4b868392ae9d3adbba7b05497faa1d0b86",
    "FandolHei.ttf": "3c237b4e75debbe235daa7eed5045a6f8f76605067db1002d3ae0deedbd904eb",
    "MboTitleSerif.ttf": "b7af67677bb116fcb52acec8560d9c3719b441cb721cf8a91cbdc266ef7ebf25",
    "MboRareSerif.ttf": "f0f3b4c54d7f4783452425724fb5fc4271e2486749c7b1d5e69285874965ce2b",
}
"""SHA-256 of the committed files (fontTools 4.x of requirements.txt)."""

if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
