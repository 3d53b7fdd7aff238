"""Where a file speaks of units apart from the headers of its columns."""
