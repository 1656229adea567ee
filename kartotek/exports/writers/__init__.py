"""Columns and frames to the bytes of a file: delimited text, a workbook, JSON Lines. One module each."""
