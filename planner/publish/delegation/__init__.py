"""A delegation: which firms it visits, when, on which way; and what it takes along: schedule, map, dossiers, calendar, workbook.

``ask`` reads what is asked, ``firms`` says whom there is to visit, ``places`` where things are and how far apart, ``make`` finds the tour,
``record`` is what is known of it; the other modules write it down. All of it is handed out: no figure of the house's own stands in it.
"""
