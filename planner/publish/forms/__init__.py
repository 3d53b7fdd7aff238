"""Workbooks that go out to be filled in or mended, and come back: input templates and data-quality reports."""
