"""How sure is it that outcomes of a few weeks differ from those before?"""
