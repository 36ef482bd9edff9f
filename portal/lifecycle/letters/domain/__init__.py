"""Writing, sending and reading letters."""
