"""The fictional city of ``data/demo``: its content, its ground and the tables made from both."""
