"""The rules and the data that they decide on: pure, without I/O, clock or randomness."""
