"""Why: one arrangement, one state or one statement of a case explained from its judgements."""
