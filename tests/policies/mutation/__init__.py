"""Each policy that passes somewhere can fail there: shown by changing what passes, automatically."""
