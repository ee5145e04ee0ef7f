"""Dialogs: a question, a wizard, a print preview; nothing else."""
