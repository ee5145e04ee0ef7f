"""The Excel-like table and the tree."""
