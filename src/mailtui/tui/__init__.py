"""The screens: what people see in the terminal; no rule lives here."""
