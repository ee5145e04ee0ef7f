"""Documents on paper: one model, printed as PDF by reportlab and written as Word by python-docx."""
