"""Fields, pickers, panels and marks that pages are made of."""
