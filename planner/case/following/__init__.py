"""Tables that are kept while a plan is carried out, linked to its case: what became of projects, people and offices, days of rest and of
meetings."""
