"""The window: pages, grids, widgets, dialogs over the services."""
