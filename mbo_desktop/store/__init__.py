"""The data file: the only layer that knows SQL."""
