"""Reads for the services: one SQL statement each, frozen rows out."""
