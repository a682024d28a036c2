"""A module a page; each is imported when it is first opened."""
