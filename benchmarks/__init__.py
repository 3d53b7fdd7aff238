"""Plans with known answers, the Anhui case and the maker of the shipped demo; beside the package, never inside it."""
