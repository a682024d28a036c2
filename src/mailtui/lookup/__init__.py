"""Asking the outside for an address's settings: name servers, and the domain's autoconfig file over HTTPS.

Whatever comes back is foreign: it is bounded, checked with the core's parsers, and made safe for a terminal.
"""
