"""One page per room of the window."""
