"""The pages: thin functions that say who, what, form, verb and answer."""
