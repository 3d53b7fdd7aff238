"""Documents on paper: one content (:mod:`.model`), typeset as PDF (:mod:`.typeset`) and written as DOCX (:mod:`.word`).

Figures are equal in all formats because all are made from the same content; how it looks stands in ``maps/documents/``.
"""
