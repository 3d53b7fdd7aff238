"""The frame of every workbook that the planner writes: styles, pages set up for A4, text that stays text, tables of declared columns.

A new sheet is a tuple of :class:`~planner.publish.book.columns.Column` and rows, given to
:func:`~planner.publish.book.table.page_of_one_table`. What a workbook is about stands elsewhere; the frame knows no plan.
"""
