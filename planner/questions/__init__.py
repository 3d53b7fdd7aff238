"""Questions about a plan, a folder each. What all of them share stands here; none knows another.

A folder holds ``ask.py`` (solves and answers), ``record.py`` (the answer as data), ``text.py`` (the answer in sentences),
``sheet.py`` (in the workbook) and ``command.py`` (on the command line), as far as it needs them; its ``__init__.py`` says
which (:class:`planner.questions.question.Question`). :mod:`planner.questions.registry` lists the folders.
"""
