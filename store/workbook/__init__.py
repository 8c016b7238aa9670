"""Excel workbooks as tables: looked at before they are opened, and read in a process that may die of them."""

from store.workbook.reading import Sheets, is_workbook, written_as_csv

__all__ = ["Sheets", "is_workbook", "written_as_csv"]
