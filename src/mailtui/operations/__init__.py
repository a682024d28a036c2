"""What people intend, one function each: the only door to the company's data for screens, command line and demo.

An operation takes the context that says who asks, and a frozen message; it returns frozen data or raises one of
`mailtui.core.errors`. What the core refuses, it refuses.
"""
