"""The modal form of an external address, with its live test: a module a part of it."""
