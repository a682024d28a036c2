"""The demo: a sample company and mail servers of its own on the loopback."""
