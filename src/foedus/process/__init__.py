"""Who would agree to what, and what can be come to from today."""
