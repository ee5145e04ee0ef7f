"""What an edit of the tree means for agreements that were issued: told as for targets of the matrix."""

from __future__ import annotations

from collections.abc import Collection

from mbo_desktop.services.agreement_differences import explained
from mbo_desktop.store.database import Store
from mbo_desktop.store.queries import signed_nodes as reads


def unfounded_parties(store: Store, year: int, written: Collection[int]) -> tuple[str, ...]:
    """Units and posts whose issued agreement reads otherwise now than these targets and allocations, without a
    paper for it (adjustment, correction).

    What was taken away from somebody altogether shows in the agreement's own list of differences.
    """
    parties = reads.issued_parties(store, year, written) if written else ()
    if not parties:
        return ()
    found = explained(store, [one.agreement for one in parties])
    return tuple(
        one.name for one in parties
        if any(not difference.basis for difference in found.get(one.agreement, ()))
    )
