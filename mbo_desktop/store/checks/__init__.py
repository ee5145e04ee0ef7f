"""The parts of the data check (数据体检)."""
