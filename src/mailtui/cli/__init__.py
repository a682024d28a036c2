"""The command line: a module a noun. No rule lives here; every command asks an operation."""
