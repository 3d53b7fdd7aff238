"""Tables that are kept while a plan is carried out, linked to its case: people and offices, days of rest and of meetings."""
