"""How sure is a finding?"""
