"""The sections of a dossier, each made from facts that are worked out beside this folder."""
