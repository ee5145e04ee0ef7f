"""Signatures of packages: Ed25519 over the bytes of manifest.json, and keys as people compare them."""

from __future__ import annotations

from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

SIGNATURE_SIZE = 64
_GROUPS, _DIGITS = 8, 5
_PRIME = 2**255 - 19
_TORSION = 2707385501144840649318225287225658788936804267575313519463743609750303402022
"""y of a point of order 8 on the curve (RFC 8032 names the curve)."""
_SMALL = frozenset(
    y.to_bytes(32, "little") for y in (
        0, 1, _PRIME - 1, _TORSION, _PRIME - _TORSION, _PRIME, _PRIME + 1,
    )
)
"""Points of small order: with such a "key" anybody can sign anything."""


def new_key() -> bytes:
    """A fresh private key, 32 bytes."""
    return Ed25519PrivateKey.generate().private_bytes_raw()


def public_key(private: bytes) -> str:
    """The public key of a private one, 64 hexadecimal digits."""
    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw().hex()


def sign(private: bytes, manifest_text: str) -> bytes:
    """The signature over a manifest, 64 bytes; the same each time."""
    return Ed25519PrivateKey.from_private_bytes(private).sign(manifest_text.encode())


def is_signed(key: str, manifest_text: str, signature: bytes) -> bool:
    """Whether the owner of this public key (64 hexadecimal digits) signed the manifest."""
    raw = bytes.fromhex(key)
    if len(signature) != SIGNATURE_SIZE or is_weak(raw):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(raw).verify(signature, manifest_text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def is_weak(raw: bytes) -> bool:
    """Whether these 32 bytes are no proper key: a point of small order."""
    return raw[:31] + bytes([raw[31] & 0x7F]) in _SMALL


def fingerprint(key: str) -> str:
    """A public key as printed and read out: eight groups of five digits.

    The first 17 bytes of SHA-256 over the key's 32 bytes, as a number (most significant
    byte first), its last 40 decimal digits.
    """
    number = int.from_bytes(sha256(bytes.fromhex(key)).digest()[:17], "big")
    digits = f"{number:040d}"[-_GROUPS * _DIGITS :]
    return " ".join(digits[at : at + _DIGITS] for at in range(0, len(digits), _DIGITS))
