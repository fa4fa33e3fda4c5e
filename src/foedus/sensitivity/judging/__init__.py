"""Several judges of one case: what they dispute, what each answers, and whether it matters."""
