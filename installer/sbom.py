"""The bill of materials of what ships, as CycloneDX 1.5 JSON; made without network, always the same bytes."""

from __future__ import annotations

import json
import sys
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from installer import licences
from installer.licences import Component
from installer.names import PACKAGE, PRODUCT, ROOT, source_time, version

_SPACE = uuid.UUID("6f1b5a52-2a39-5c55-9d0d-8f3f6a3f0c11")


def document(listed: Sequence[Component]) -> dict[str, Any]:
    """The bill for a list of components."""
    parts = [_part(one) for one in listed]
    main = f"{PACKAGE}@{version()}"
    return {
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        "serialNumber": f"urn:uuid:{uuid.uuid5(_SPACE, json.dumps([main, parts]))}",
        "metadata": {
            "timestamp": datetime.fromtimestamp(source_time(), UTC).isoformat(),
            "component": {
                "type": "application", "bom-ref": main, "name": PACKAGE, "version": version(), "description": PRODUCT,
                "licenses": [{"license": {"id": "MIT"}}],
            },
        },
        "components": parts,
        "dependencies": [{"ref": main, "dependsOn": [part["bom-ref"] for part in parts]}],
    }


def _part(one: Component) -> dict[str, Any]:
    reference = one.purl or f"{one.name}@{one.version}"
    part: dict[str, Any] = {
        "type": "library", "bom-ref": reference, "name": one.name, "version": one.version, "licenses": [{"expression": one.licence}],
    }
    if one.purl:
        part["purl"] = one.purl
    return part


def write(path: Path, listed: Sequence[Component]) -> None:
    """Write the bill."""
    path.write_text(json.dumps(document(listed), ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "dist" / "sbom.cdx.json"), licences.components())
