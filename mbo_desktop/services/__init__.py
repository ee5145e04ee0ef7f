"""What a person can do, as plain functions with the store as their first argument."""
