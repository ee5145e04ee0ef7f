"""Pure rules of target-responsibility management: no files, no SQL, no window, no clock."""
