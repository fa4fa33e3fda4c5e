"""Tables of stances: who wants what on which issue, in the forms in which programs write them."""
