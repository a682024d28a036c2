"""Mail servers: opening a session, testing an account, handing in a message. The only door to SMTP."""
