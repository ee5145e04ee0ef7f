"""Ledgers in, plain tables out: Excel, Word tables, clipboard and text; heavy libraries load on use."""
