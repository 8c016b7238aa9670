"""Who is a customer, and which of them stay or grow?"""
