"""How a pasted block fits a selection, as Excel does it."""

from __future__ import annotations

from collections.abc import Sequence


def tiled(texts: Sequence[Sequence[str]], selection: tuple[int, int]) -> list[list[str]]:
    """The block repeated over a selection (height, width) that is a whole multiple of it."""
    block = [list(row) for row in texts]
    height = len(block)
    width = max((len(row) for row in block), default=0)
    if not height or not width:
        return block
    tall, wide = selection
    down = tall // height if tall > height and tall % height == 0 else 1
    across = wide // width if wide > width and wide % width == 0 else 1
    padded = [row + [""] * (width - len(row)) for row in block] if across > 1 else block
    return [row * across for row in padded] * down
