"""OAuth 2.0: the only door to a provider. authlib and httpx2 are imported when one is first spoken to."""
