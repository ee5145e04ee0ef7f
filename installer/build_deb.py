"""Makes the Linux installer from a clean checkout: dist/mbo-desktop_VERSION_amd64.deb and what goes with it.

The first time it also makes the Debian 11 root in the cache (a quarter of an hour); after
that a build takes a few minutes.
"""

from __future__ import annotations

import shutil
import sys

from installer import deb, freeze, locked, release
from installer.names import DIST, ROOT, cache, say, version


def main() -> int:
    """Freeze, try, pack, and say how large it became."""
    number = version()
    root, frozen = freeze.freeze()
    copyrights = root / "usr" / "share" / "doc"
    tree = cache() / "tree"
    say("packing")
    deb.stage(frozen, tree, number, root / "build" / "source" / "build" / "THIRD_PARTY.txt")
    DIST.mkdir(exist_ok=True)
    for old in DIST.glob("*.deb"):
        old.unlink()
    path = deb.pack(tree, DIST, number)
    release.write(locked.LINUX, system_copyrights=copyrights)
    say(
        f"{path.relative_to(ROOT)}: {path.stat().st_size / 1e6:.1f} MB, "
        f"{deb.installed_bytes(tree) / 1e6:.0f} MB installed, self-test passed"
    )
    shutil.rmtree(tree)
    return 0


if __name__ == "__main__":
    sys.exit(main())
