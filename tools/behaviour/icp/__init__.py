"""Who is the ideal customer of a warehouse, and how near is a lead to that?"""
