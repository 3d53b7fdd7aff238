"""Firms matched to links by what they make, and lists of parts taken apart into links: suggestions, which a person accepts."""
