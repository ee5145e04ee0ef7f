"""Packages between offices as files and bytes: written, signed, read defensively.

Knows no store and no SQL; what a package means is the services' business.
"""
