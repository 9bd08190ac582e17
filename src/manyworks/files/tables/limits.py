"""How much of a spreadsheet is looked at, and what the process that opens it may take."""

WORKBOOK_BYTES = 20_000_000
# Sheets are XML that packs ten- to fiftyfold; what packs better is no parts list.
WORKBOOK_UNPACKED_BYTES = 150_000_000
WORKBOOK_RATIO = 400
WORKBOOK_MEMBERS = 5_000
WORKBOOK_SHEETS = 60
WORKBOOK_CHARACTERS = 20_000_000
# Address space of the process that opens a spreadsheet: its format may claim a billion cells.
WORKBOOK_MEMORY_BYTES = 1_200_000_000
WORKBOOK_SECONDS = 20
LINE_CHARACTERS = 4_000
