"""Lists of external addresses: of the company, and of one employee."""
