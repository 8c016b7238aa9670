"""How likely is a row to convert, churn or expand, and how far can that figure be trusted?"""
