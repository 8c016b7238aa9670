"""Who is this, and what is known of them?"""
